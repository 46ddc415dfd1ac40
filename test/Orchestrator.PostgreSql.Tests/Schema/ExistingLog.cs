using System.Globalization;

namespace Orchestrator.PostgreSql.Tests.Schema;

/// <summary>A log as another event store made it: its ids are UUIDs, its positions come from a bigserial, and it knows nothing of our trigger.</summary>
internal static class ExistingLog
{
    /// <summary>The events of each of the three aggregates in it.</summary>
    public const int EventsEach = 4;

    public const string CreateEvents =
        """
        CREATE TABLE events (
            global_position BIGSERIAL PRIMARY KEY,
            aggregate_type TEXT NOT NULL,
            aggregate_id UUID NOT NULL,
            aggregate_version BIGINT NOT NULL,
            event_id UUID NOT NULL UNIQUE,
            event_type TEXT NOT NULL,
            event_version INT NOT NULL DEFAULT 1,
            payload BYTEA NOT NULL,
            trace_id UUID,
            correlation_id UUID,
            causation_id UUID,
            metadata JSONB,
            created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
            UNIQUE (aggregate_type, aggregate_id, aggregate_version)
        );
        """;

    public const string CreateHeads =
        """
        CREATE TABLE aggregate_heads (
            aggregate_type TEXT NOT NULL,
            aggregate_id UUID NOT NULL,
            aggregate_version BIGINT NOT NULL,
            updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
            PRIMARY KEY (aggregate_type, aggregate_id)
        );
        """;

    /// <summary>Twelve events, and positions up to 14: two appends were rolled back.</summary>
    public static string Fill { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload)
        SELECT 'Order', ('00000000-0000-0000-0000-00000000000' || n)::uuid, version, gen_random_uuid(), 'Happened', '' FROM generate_series(1, {EventsEach}) AS version, generate_series(1, 3) AS n;
        SELECT nextval(pg_get_serial_sequence('events', 'global_position')), nextval(pg_get_serial_sequence('events', 'global_position'));
        """);

    /// <summary>The id of one of its aggregates, 1 to 3.</summary>
    public static string Id(int n) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-00000000000{n}");
}
