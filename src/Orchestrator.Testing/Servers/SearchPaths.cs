namespace Orchestrator.Testing.Servers;

/// <summary>Where a server is looked for; a value of its own, so that tests can look elsewhere.</summary>
/// <param name="ConnectionString">The connection string from the environment, or null.</param>
/// <param name="ProgramFolders">The folders that may hold PostgreSQL's programs, best first.</param>
/// <param name="Docker">The name or path of Docker's command line.</param>
internal sealed record SearchPaths(string? ConnectionString, IReadOnlyList<string> ProgramFolders, string Docker)
{
    public static SearchPaths OfThisMachine() => new(
        Environment.GetEnvironmentVariable(PostgreSqlServer.ConnectionStringVariable) is { Length: > 0 } value ? value : null,
        [.. OnPath(), .. Installed()],
        "docker");

    private static string[] OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    // Debian and its children, Red Hat's packages, a build from source, Homebrew on both kinds of Mac, Postgres.app.
    private static IEnumerable<string> Installed() =>
    [
        .. Versions("/usr/lib/postgresql", "", "bin"),
        .. Versions("/usr", "pgsql-", "bin"),
        "/usr/local/pgsql/bin",
        "/usr/local/bin",
        .. Versions("/opt/homebrew/opt", "postgresql@", "bin"),
        .. Versions("/usr/local/opt", "postgresql@", "bin"),
        "/opt/homebrew/bin",
        "/Applications/Postgres.app/Contents/Versions/latest/bin",
    ];

    // The newest first.
    private static IEnumerable<string> Versions(string parent, string prefix, string child) =>
        !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, prefix + "*")
                .Select(folder => (Folder: folder, Version: int.TryParse(Path.GetFileName(folder)[prefix.Length..].Split('.')[0], out int version) ? version : -1))
                .Where(found => found.Version > 0)
                .OrderByDescending(found => found.Version)
                .Select(found => Path.Combine(found.Folder, child));
}
