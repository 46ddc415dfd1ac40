using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.PostgreSql.Inspection;

/// <summary>Turns the rows of the statements <c>inspect_*.sql</c> into reports. What follows from the clock is reckoned by the server's.</summary>
internal static class ReportReader
{
    /// <summary>Reads, in this order: log, replica sets, generations, workers, checkpoints.</summary>
    public static async Task<OrchestratorReport> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        DateTimeOffset readAt = TimeOf(reader, 0);
        long logEnd = reader.GetInt64(1);

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        List<(string Name, Guid? LeaderId)> replicaSets = await RowsAsync(reader, row => (row.GetString(0), IdOf(row, 1)), cancellationToken).ConfigureAwait(false);

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        ILookup<string, GenerationReport> generations = (await ReadGenerationsAsync(reader, cancellationToken).ConfigureAwait(false)).ToLookup(generation => generation.ReplicaSet, StringComparer.Ordinal);

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        ILookup<string, WorkerReport> workers = (await RowsAsync(reader, row => (ReplicaSet: row.GetString(0), Worker: Worker(row, readAt)), cancellationToken).ConfigureAwait(false))
            .ToLookup(row => row.ReplicaSet, row => row.Worker, StringComparer.Ordinal);

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        ILookup<string, ProjectionReport> projections = (await RowsAsync(reader, row => (Key: (row.GetString(0), row.GetString(1), row.GetInt32(2)), Part: Checkpoint(row, logEnd, readAt)), cancellationToken).ConfigureAwait(false))
            .GroupBy(row => row.Key, row => row.Part)
            .ToLookup(group => group.Key.Item1, group => new ProjectionReport(group.Key.Item2, group.Key.Item3, [.. group]), StringComparer.Ordinal);

        return new OrchestratorReport(
            readAt,
            logEnd,
            [
                .. replicaSets.Select(replicaSet => new ReplicaSetReport(replicaSet.Name, replicaSet.LeaderId)
                {
                    Generations = [.. generations[replicaSet.Name]],
                    Workers = [.. workers[replicaSet.Name]],
                    Projections = [.. projections[replicaSet.Name]],
                }),
            ]);
    }

    /// <summary>Reads generations.</summary>
    public static async Task<IReadOnlyList<GenerationReport>> ReadGenerationsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => await RowsAsync(
        reader,
        row => new GenerationReport(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetFieldValue<Guid[]>(4))
        {
            LeaderId = row.GetGuid(5),
            Strategy = row.GetString(6),
            Reason = row.GetString(7),
            CreatedAt = TimeOf(row, 8),
            ActivatedAt = row.IsDBNull(9) ? null : TimeOf(row, 9),
            SupersededAt = row.IsDBNull(10) ? null : TimeOf(row, 10),
        },
        cancellationToken).ConfigureAwait(false);

    private static WorkerReport Worker(NpgsqlDataReader row, DateTimeOffset readAt) => new(row.GetGuid(1), row.GetString(2), row.GetInt32(3), row.GetString(4))
    {
        Partition = row.GetInt32(5) is var partition and >= 0 ? partition : null,
        IsStatic = row.GetBoolean(6),
        GenerationId = row.GetInt64(7),
        Lanes = row.GetInt32(8),
        Projections = row.GetFieldValue<string[]>(9),
        StartedAt = TimeOf(row, 10),
        HeartbeatAge = row.IsDBNull(11) ? null : Since(TimeOf(row, 11), readAt),
        IsConnected = row.IsDBNull(12) ? null : row.GetBoolean(12),
    };

    private static CheckpointReport Checkpoint(NpgsqlDataReader row, long logEnd, DateTimeOffset readAt)
    {
        long position = row.GetInt64(5);
        return new CheckpointReport(new SlotRange(row.GetInt32(3), row.GetInt32(4)), position, IdOf(row, 6))
        {
            Behind = Math.Max(0, logEnd - position),
            Age = row.IsDBNull(8) ? TimeSpan.Zero : Since(TimeOf(row, 8), readAt),
            UpdatedAt = TimeOf(row, 7),
        };
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    // An appender may have given its event a time that has yet to come.
    private static TimeSpan Since(DateTimeOffset time, DateTimeOffset readAt) => readAt > time ? readAt - time : TimeSpan.Zero;

    private static DateTimeOffset TimeOf(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    private static Guid? IdOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
}
