using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>The read model of the upsert scenario, and how raw writes it. The product's projections run the same statements.</summary>
internal static class RawUpserts
{
    public const string Table = "CREATE TABLE IF NOT EXISTS read_model (aggregate_id text PRIMARY KEY, events bigint NOT NULL, version bigint NOT NULL)";

    /// <summary>One event: $1 its aggregate, $2 its version.</summary>
    public const string OneSql =
        """
        INSERT INTO read_model AS r (aggregate_id, events, version) VALUES ($1, 1, $2)
        ON CONFLICT (aggregate_id) DO UPDATE SET events = r.events + 1, version = excluded.version
        """;

    /// <summary>A batch: $1 the aggregates, $2 the versions.</summary>
    public const string ManySql =
        """
        INSERT INTO read_model AS r (aggregate_id, events, version)
        SELECT id, count(*), max(version) FROM unnest($1, $2) AS e (id, version) GROUP BY id
        ON CONFLICT (aggregate_id) DO UPDATE SET events = r.events + excluded.events, version = excluded.version
        """;

    /// <summary>A statement an event.</summary>
    public static IEnumerable<NpgsqlBatchCommand> OneByOne(IReadOnlyList<PersistedEvent> events) => events.Select(static e => new NpgsqlBatchCommand(OneSql)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = e.AggregateId, NpgsqlDbType = NpgsqlDbType.Text }, new NpgsqlParameter<long> { TypedValue = e.AggregateVersion } },
    });

    /// <summary>One statement a batch.</summary>
    public static IEnumerable<NpgsqlBatchCommand> AllAtOnce(IReadOnlyList<PersistedEvent> events) =>
    [
        new NpgsqlBatchCommand(ManySql)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.AggregateId)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(e => e.AggregateVersion)] },
            },
        },
    ];
}
