namespace Orchestrator.Testing.Servers;

/// <summary>
/// The temporary folder of one cluster. Its owner holds a lock on a file in it for as long as the owner lives: the operating system frees the lock even of a killed
/// process, so the next start can tell what is left over and remove it.
/// </summary>
internal sealed class ClusterFolder : IDisposable
{
    private const string NamePrefix = "orchestrator-postgres-";

    private readonly FileStream _lock;

    private ClusterFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "log");

    public static async Task<ClusterFolder> CreateAsync(Account account, CancellationToken cancellationToken)
    {
        string template = System.IO.Path.Combine(System.IO.Path.GetTempPath(), NamePrefix + "XXXXXX");
        CommandResult result = await account.RunAsync("mktemp", ["-d", template], cancellationToken).ConfigureAwait(false);
        return result.Succeeded && result.Output.Trim() is { } path && TryLock(path) is { } held
            ? new ClusterFolder(path, held)
            : throw new PostgreSqlUnavailableException($"No temporary folder for a PostgreSQL cluster could be made from {template}: {result.Everything}");
    }

    /// <summary>Stops and removes clusters whose owner is gone. Normally there is none: the watchdog has done it.</summary>
    public static async Task SweepAsync(PostgreSqlPrograms programs, Account account, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (string path in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), NamePrefix + "*"))
        {
            // A new folder may not have its lock yet, and a watchdog may still be at work on it.
            if (time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(path) < TimeSpan.FromMinutes(1) || TryLock(path) is not { } held)
            {
                continue;
            }

            using var leftover = new ClusterFolder(path, held);
            await account.RunAsync(programs.PgCtl, ["-D", leftover.Data, "-m", "immediate", "stop"], cancellationToken).ConfigureAwait(false);
            await account.RunAsync("rm", ["-rf", path], cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It lives, it is another account's, or it has just been removed: in no case ours to touch.
            return null;
        }
    }
}
