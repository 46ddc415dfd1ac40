using System.Globalization;
using Npgsql;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>
/// The two tables whose rows are updated all the time, behind very many updates: do they stay small, and are the updates heap-only (https://www.postgresql.org/docs/current/storage-hot.html)? The statements are
/// the product's, each in a transaction of its own as there; many transactions go in one round trip, because how they come is nothing to the table.
/// </summary>
internal sealed class SmallUpdates(BenchmarkDatabase database)
{
    private const int Together = 50;
    private const double KibibytesAllowed = 1_024;

    /// <summary>Checkpoints of 64 projections in 8 workers.</summary>
    private const int CheckpointRows = 512;

    /// <summary>Heartbeats of 100 workers.</summary>
    private const int HeartbeatRows = 100;

    private static readonly Guid Worker = Guid.Parse("00000000-0000-0000-0000-000000000001");

    private static readonly string Lock = ProductSql.Read("batch_lock_checkpoint");

    // Of many transactions in one round trip none knows its number.
    private static readonly string Move = ProductSql.Read("batch_move_checkpoint").Replace("$9", "txid_current()", StringComparison.Ordinal);
    private static readonly string Heartbeat = ProductSql.Read("beat");

    /// <summary>Updates both tables so often, each.</summary>
    public async Task<IReadOnlyList<Comparison>> MeasureAsync(int updates, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, generation_id, worker_id)
            SELECT 'growth', 'projection-' || n / 8, n % 8 * 4096, (n % 8 + 1) * 4096, 1, '{Worker}' FROM generate_series(0, {CheckpointRows - 1}) AS n;
            INSERT INTO orchestrator_heartbeats (worker_id, replica_set) SELECT {IdOf("n")}, 'growth' FROM generate_series(0, {HeartbeatRows - 1}) AS n;
            """,
            cancellationToken);

        // Two batches at a time, at full speed: one that the machine interrupts holds up the clearing behind all the others meanwhile. Heartbeats come so seldom that they hardly ever meet.
        await RunAsync(updates, CheckpointRows, connections: 2, MoveCheckpoint, cancellationToken);
        await RunAsync(updates, HeartbeatRows, connections: 1, Beat, cancellationToken);
        return [.. await LookAtAsync("projection_checkpoints", updates, cancellationToken), .. await LookAtAsync("orchestrator_heartbeats", updates, cancellationToken)];
    }

    private static string IdOf(string number) => $"('00000000-0000-0000-0000-' || lpad(to_hex({number}), 12, '0'))::uuid";

    // Each connection has rows of its own, one after another.
    private async Task RunAsync(int updates, int rows, int connections, Func<int, long, NpgsqlBatchCommand[]> transaction, CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c synchronous_commit=off", MaxAutoPrepare = 10 }.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(UpdateAsync));

        async Task UpdateAsync(int connection)
        {
            await using NpgsqlConnection own = await dataSource.OpenConnectionAsync(cancellationToken);
            int ownRows = rows / connections;
            int ownUpdates = updates / connections;
            for (int done = 0; done < ownUpdates; done += Together)
            {
                await using var batch = new NpgsqlBatch(own);
                for (int i = done; i < Math.Min(done + Together, ownUpdates); i++)
                {
                    Array.ForEach([new("BEGIN"), .. transaction((connection * ownRows) + (i % ownRows), i / ownRows), new("COMMIT")], batch.BatchCommands.Add);
                }

                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static NpgsqlBatchCommand[] MoveCheckpoint(int row, long position)
    {
        object[] key = ["growth", string.Create(CultureInfo.InvariantCulture, $"projection-{row / 8}"), 1, row % 8 * 4_096, 1L, Worker];
        return [Command(Lock, key), Command(Move, [.. key, position, position + 1])];
    }

    private static NpgsqlBatchCommand[] Beat(int row, long sequence) => [Command(Heartbeat, [Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{row:x12}"))])];

    private static NpgsqlBatchCommand Command(string sql, object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    // A session reports its counts when it is idle for a second, or at its end.
    private async Task<IReadOnlyList<Comparison>> LookAtAsync(string table, int updates, CancellationToken cancellationToken)
    {
        long updated = await database.WaitForAsync($"SELECT CASE WHEN n_tup_upd >= {updates} THEN n_tup_upd ELSE 0 END FROM pg_stat_user_tables WHERE relname = '{table}'", cancellationToken);
        long heapOnly = await database.NumberAsync($"SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = '{table}'", cancellationToken);
        long bytes = await database.NumberAsync($"SELECT pg_total_relation_size('{table}')", cancellationToken);
        return
        [
            new Comparison($"{table} after {updated:#,0} updates, with indexes; raw: 1 MiB", "KiB", [new Pair(bytes / 1_024d, KibibytesAllowed)]) { Goal = Goal.Ratio(1) },
            new Comparison($"{table}, updates that were not heap-only; raw: one in a hundred", "updates", [new Pair(updated - heapOnly, updated / 100d)]) { Goal = Goal.Ratio(1) },
        ];
    }
}
