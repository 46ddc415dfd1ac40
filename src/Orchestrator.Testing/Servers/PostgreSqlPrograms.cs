using System.Text.RegularExpressions;

namespace Orchestrator.Testing.Servers;

/// <summary>PostgreSQL's programs on this machine.</summary>
/// <param name="Folder">The folder that holds them.</param>
/// <param name="Version">The major version.</param>
internal sealed partial record PostgreSqlPrograms(string Folder, int Version)
{
    private const int OldestVersion = 14;
    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl"];

    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The first of the folders that holds all programs in a version that will do; null when none does.</summary>
    public static async Task<PostgreSqlPrograms?> FindAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        // The watchdog is a shell script; on Windows a server comes from a connection string or Docker.
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        foreach (string folder in folders.Where(HoldsAll))
        {
            CommandResult result = await Command.RunAsync(Path.Combine(folder, "pg_ctl"), ["--version"], cancellationToken).ConfigureAwait(false);
            if (result.Succeeded && Major().Match(result.Output) is { Success: true } match
                && int.TryParse(match.Groups["major"].ValueSpan, out int version) && version >= OldestVersion)
            {
                return new PostgreSqlPrograms(folder, version);
            }
        }

        return null;
    }

    private static bool HoldsAll(string folder) => Needed.All(program => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Major();
}
