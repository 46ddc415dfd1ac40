using System.Diagnostics;
using System.Reflection;

namespace Orchestrator.Testing.Servers;

/// <summary>The shell script that starts, restarts and in the end deletes a cluster; it outlives a killed owner by just that.</summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private Watchdog(Process process) => _process = process;

    public static Watchdog Start(ClusterFolder folder, PostgreSqlPrograms programs, Account account, TimeSpan startTimeout)
    {
        string seconds = Math.Max(1, (int)startTimeout.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var info = new ProcessStartInfo("/bin/sh", ["-c", ReadScript(), "orchestrator-postgres", folder.Path, programs.PgCtl, seconds, .. account.Prefix])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // The server keeps its working folder: not one that somebody may want to delete, or that its account may not enter.
            WorkingDirectory = "/",
        };
        return new Watchdog(Process.Start(info) ?? throw new InvalidOperationException("/bin/sh did not start."));
    }

    /// <summary>Whether what the script did last went well.</summary>
    public async Task<bool> AnswerAsync(CancellationToken cancellationToken) =>
        string.Equals(await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false), "ok", StringComparison.Ordinal);

    public async Task<bool> RestartAsync(bool immediate, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not cancelled half way: the answer would be taken for that to the next command.
            await _process.StandardInput.WriteLineAsync(immediate ? "restart immediate" : "restart fast").ConfigureAwait(false);
            await _process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return await AnswerAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
        _oneAtATime.Dispose();
    }

    private static string ReadScript()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Orchestrator.Testing.Servers.watchdog.sh")
            ?? throw new InvalidOperationException("The embedded file watchdog.sh is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
