namespace Orchestrator.Testing;

/// <summary>How a throw-away PostgreSQL is set up. A server that is only connected to (<c>ORCHESTRATOR_POSTGRES</c>) is used as it is.</summary>
public sealed record PostgreSqlServerOptions
{
    /// <summary>Whether commits wait for the disk. Turn it off where only the operating system would have to crash for it to matter; tests run faster then. Default: true.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>The most connections. Default: 300; 20 or greater.</summary>
    public int MaxConnections { get; init; } = 300;

    /// <summary>Further settings of <c>postgresql.conf</c> by name, for example <c>log_statement</c> = <c>all</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long starting may take. Default: 60 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The image that is run where Docker has to serve. Default: <c>postgres:17</c>.</summary>
    public string DockerImage { get; init; } = "postgres:17";
}
