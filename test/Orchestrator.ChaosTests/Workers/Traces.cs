using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>How projections write down what they were given.</summary>
internal static class Traces
{
    /// <summary>In the batch's transaction.</summary>
    public static void EnqueueTrace(this ProjectionContext context, PersistedEvent e) => context.Enqueue(
        "INSERT INTO trace (projection, event_id, aggregate_id, version, position, worker_id, generation_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        context.Projection, e.EventId, e.AggregateId, e.AggregateVersion, e.GlobalPosition, context.WorkerId, context.GenerationId);

    /// <summary>All of a batch at once, in its transaction.</summary>
    public static void EnqueueTrace(this ProjectionContext context, IReadOnlyList<PersistedEvent> events) => context.Enqueue(
        """
        INSERT INTO trace (projection, event_id, aggregate_id, version, position, worker_id, generation_id)
        SELECT $1, t.event_id, t.aggregate_id, t.version, t.position, $6, $7 FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS t (event_id, aggregate_id, version, position, place) ORDER BY t.place
        """,
        context.Projection,
        events.Select(e => e.EventId).ToArray(),
        events.Select(e => e.AggregateId).ToArray(),
        events.Select(e => e.AggregateVersion).ToArray(),
        events.Select(e => e.GlobalPosition).ToArray(),
        context.WorkerId,
        context.GenerationId);

    /// <summary>An effect that can be counted: a row that is committed at once, over a connection of its own.</summary>
    public static async Task WriteEffectAsync(NpgsqlDataSource outside, PersistedEvent e, EffectContext context, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand insert = outside.CreateCommand("INSERT INTO effects (projection, event_id, aggregate_id, version, position, key) VALUES ($1, $2, $3, $4, $5, $6)");
        insert.Parameters.AddRange(new object[] { context.Projection, e.EventId, e.AggregateId, e.AggregateVersion, e.GlobalPosition, context.IdempotencyKey }
            .Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
