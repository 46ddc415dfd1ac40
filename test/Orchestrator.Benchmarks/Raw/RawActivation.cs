using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>What a rescale cannot do without: one transaction that locks the old shares, writes the new ones, and waits for the disk.</summary>
internal sealed class RawActivation(NpgsqlDataSource dataSource)
{
    /// <summary>A table like the product's, without its constraint against overlaps.</summary>
    public const string Tables =
        """
        CREATE TABLE IF NOT EXISTS raw_generation (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, active boolean NOT NULL);
        CREATE TABLE IF NOT EXISTS raw_share (slot_from integer PRIMARY KEY, slot_to integer NOT NULL, position bigint NOT NULL, generation_id bigint NOT NULL);
        """;

    private const int Slots = 32_768;

    /// <summary>Cuts the slots for a number of workers.</summary>
    /// <returns>Milliseconds.</returns>
    public async Task<double> RunAsync(int workers, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var locking = new NpgsqlCommand("SELECT slot_from, position FROM raw_share ORDER BY slot_from FOR UPDATE", connection, transaction);
        await locking.PrepareAsync(cancellationToken);
        await locking.ExecuteNonQueryAsync(cancellationToken);

        int[] borders = [.. Enumerable.Range(0, workers + 1).Select(k => Slots * k / workers)];
        await using var write = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("DELETE FROM raw_share"),
                new NpgsqlBatchCommand("INSERT INTO raw_share SELECT slot_from, slot_to, 0, 0 FROM unnest($1, $2) AS share (slot_from, slot_to)") { Parameters = { Column(borders[..^1]), Column(borders[1..]) } },
                new NpgsqlBatchCommand("UPDATE raw_generation SET active = false WHERE active"),
                new NpgsqlBatchCommand("INSERT INTO raw_generation (active) VALUES (true)"),
                new NpgsqlBatchCommand("NOTIFY raw_generation"),
            },
        };
        await write.PrepareAsync(cancellationToken);
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static NpgsqlParameter<int[]> Column(int[] values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };
}
