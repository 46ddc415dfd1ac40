namespace Orchestrator.PostgreSql.Connections;

/// <summary>What the server has to be told for every session of ours, so that it gives up a dead peer and an abandoned transaction by itself.</summary>
internal static class SessionSettings
{
    /// <summary>
    /// Names and values. A killed process's locks stay until the server notices that it is gone: while a statement runs, only client_connection_check_interval does
    /// (https://www.postgresql.org/docs/current/runtime-config-connection.html).
    /// </summary>
    public static IReadOnlyList<(string Name, string Value)> All { get; } =
    [
        ("client_connection_check_interval", "1000"),
        ("tcp_keepalives_idle", "5"),
        ("tcp_keepalives_interval", "2"),
        ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "15000"),
        ("idle_in_transaction_session_timeout", "60000"),
        ("default_transaction_isolation", "read committed"),
    ];

    /// <summary>The same as start-up options of a connection string, which a pool's reset cannot undo.</summary>
    public static string AsOptions { get; } = string.Join(' ', All.Select(setting => $"-c {setting.Name}={setting.Value.Replace(" ", "\\ ", StringComparison.Ordinal)}"));

    /// <summary>Everything that a kept session of any kind sets: what has to be as it was before the session goes back to a pool.</summary>
    public static string[] Touched { get; } = [.. All.Select(setting => setting.Name), "application_name", "synchronous_commit", "enable_seqscan", "enable_bitmapscan", "jit"];
}
