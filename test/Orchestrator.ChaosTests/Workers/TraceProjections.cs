using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>Writes what it is given, event by event, in the batch's transaction.</summary>
[Projection("queued")]
internal sealed class QueuedTrace : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(
            "INSERT INTO trace (projection, aggregate_id, version, position, worker_id, generation_id) VALUES ($1, $2, $3, $4, $5, $6)",
            context.Projection, e.AggregateId, e.AggregateVersion, e.GlobalPosition, context.WorkerId, context.GenerationId);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes what it is given, a batch at a time.</summary>
[Projection("batched")]
internal sealed class BatchedTrace : IBatchProjection
{
    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(
            "INSERT INTO trace (projection, aggregate_id, version, position, worker_id, generation_id) SELECT $1, t.id, t.version, t.position, $5, $6 FROM unnest($2, $3, $4) WITH ORDINALITY AS t (id, version, position, place) ORDER BY t.place",
            context.Projection,
            events.Select(e => e.AggregateId).ToArray(),
            events.Select(e => e.AggregateVersion).ToArray(),
            events.Select(e => e.GlobalPosition).ToArray(),
            context.WorkerId,
            context.GenerationId);
        return ValueTask.CompletedTask;
    }
}
