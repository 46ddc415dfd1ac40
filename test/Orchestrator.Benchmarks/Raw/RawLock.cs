using System.Diagnostics;
using Npgsql;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>A session's advisory lock, by which others notice its end. Nothing can notice it sooner than a session that waits for the lock.</summary>
internal static class RawLock
{
    /// <summary>Opens a session that has no time-out.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Takes a lock, or waits for it, and keeps it until the session ends.</summary>
    /// <returns>The timestamp at which it was there.</returns>
    public static async Task<long> TakeAsync(NpgsqlConnection session, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", session) { Parameters = { new NpgsqlParameter<long> { TypedValue = key } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Stopwatch.GetTimestamp();
    }
}
