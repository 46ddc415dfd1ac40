using System.Globalization;
using Npgsql;
using Orchestrator.ChaosTests.Appending;

namespace Orchestrator.ChaosTests.Checking;

/// <summary>
/// Compares what the clients remember of their appends with the log, and both with what the projections have written, by SQL over these alone: its verdict knows nothing of checkpoints, generations or workers.
/// </summary>
internal sealed class TraceChecker(NpgsqlDataSource dataSource, IReadOnlyList<TracedProjection> projections)
{
    private const int TimeoutSeconds = 300;

    /// <summary>Waits until every event that is in the log now has been applied by every projection that wants it.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task WaitForAllAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, TimeProvider.System);
        foreach (TracedProjection projection in projections)
        {
            while (await CountMissingAsync(projection) is > 0 and var missing)
            {
                if (deadline.IsCancellationRequested)
                {
                    throw new TimeoutException($"{missing} of {await CountEventsAsync()} events are still missing in '{projection.Name}' after {patience}.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Says what is wrong, in numbers: first of the log, then of each projection.</summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync(AppendMemory memory)
    {
        await RememberAsync(memory);
        List<Finding> findings = [await FindAsync("log", CheckStatements.Log)];
        foreach (TracedProjection projection in projections)
        {
            findings.Add(projection.IsEffect ? await FindEffectsAsync(projection) : await FindAsync(projection.Name, CheckStatements.Trace, projection.Name, projection.EventType));
        }

        return findings;
    }

    public Task<long> CountEventsAsync() => ScalarAsync("SELECT count(*) FROM events");

    public Task<long> CountTraceAsync() => ScalarAsync("SELECT count(*) FROM trace");

    /// <summary>How many workers share the log now. Not part of any verdict: it tells a test when its fault has been dealt with.</summary>
    public Task<long> CountActivePartitionsAsync() => ScalarAsync("SELECT coalesce(max(total_partitions), 0) FROM orchestrator_generations WHERE state = 'active'");

    private Task<long> CountMissingAsync(TracedProjection projection) => ScalarAsync(
        $"SELECT count(*) FROM events e WHERE ($2::text IS NULL OR e.event_type = $2) AND NOT EXISTS (SELECT FROM {projection.Table} t WHERE t.projection = $1 AND t.event_id = e.event_id)",
        projection.Name,
        projection.EventType);

    private async Task RememberAsync(AppendMemory memory)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand(CheckStatements.CreateRemembered, connection))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync("COPY remembered FROM STDIN (FORMAT binary)");
        foreach (RememberedEvent e in memory.Events)
        {
            await import.WriteRowAsync(CancellationToken.None, e.Id, e.AggregateId, e.EventType, e.Sequence, e.Outcome.ToString());
        }

        await import.CompleteAsync();
    }

    private async Task<Finding> FindAsync(string of, string sql, params string?[] parameters)
    {
        long[] counts = await CountsAsync(sql, parameters);
        return new Finding(of, counts[0], Lost: counts[1], Twice: counts[2], Phantom: counts[3], OutOfOrder: counts[4]);
    }

    private async Task<Finding> FindEffectsAsync(TracedProjection projection)
    {
        long[] counts = await CountsAsync(CheckStatements.Effects, projection.Name, projection.EventType);
        return new Finding(projection.Name, counts[0], Lost: counts[1], Twice: counts[2], Phantom: counts[3], OutOfOrder: counts[4]) { Repeated = counts[5] };
    }

    private async Task<long> ScalarAsync(string sql, params string?[] parameters) => (await CountsAsync(sql, parameters))[0];

    private async Task<long[]> CountsAsync(string sql, params string?[] parameters)
    {
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }).ToArray());
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))];
    }
}
