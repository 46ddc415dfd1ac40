namespace Orchestrator.Benchmarks.Servers;

/// <summary>What the server has executed in a database, counted by itself (pg_stat_statements), without what the benchmark asks.</summary>
internal sealed class StatementCount(BenchmarkDatabase database)
{
    /// <summary>What the server has to be started with.</summary>
    public static IReadOnlyDictionary<string, string> ServerSettings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_preload_libraries"] = "pg_stat_statements", ["max_connections"] = "1500" };

    /// <summary>Prepares the database.</summary>
    public static async Task<StatementCount> CreateAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", cancellationToken);
        return new StatementCount(database);
    }

    /// <summary>Begins to count.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => database.ExecuteAsync("SELECT pg_stat_statements_reset()", cancellationToken);

    /// <summary>How many have been executed since then.</summary>
    public Task<long> ReadAsync(CancellationToken cancellationToken) => database.NumberAsync(
        """
        SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%coalesce(max(generation_id)%'
        """,
        cancellationToken);

    /// <summary>How many sessions the orchestrator has in the database: all but the benchmark's own.</summary>
    public Task<long> ConnectionsAsync(CancellationToken cancellationToken) => database.NumberAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND (application_name LIKE 'orc:%' OR application_name LIKE 'orchestrator %')", cancellationToken);
}
