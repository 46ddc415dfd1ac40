using Npgsql;
using Orchestrator.ChaosTests.Appending;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>Writes what it is given, event by event, in the batch's transaction.</summary>
[Projection(Name)]
internal sealed class QueuedTrace : IProjection
{
    public const string Name = "queued";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.EnqueueTrace(e);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Writes what it is given, a batch at a time. Some events make it use up the thread pool.</summary>
[Projection(Name)]
internal sealed class BatchedTrace : IBatchProjection
{
    public const string Name = "batched";

    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        if (events.Any(e => e.EventType == EventTypes.Starve))
        {
            Starvation.Cause();
        }

        context.EnqueueTrace(events);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Wants events of one type only. Besides the trace it fills a table that a test can put where the disk is full.</summary>
[Projection(Name, EventTypes = [EventTypes.Rare])]
internal sealed class FilteredTrace : IProjection
{
    public const string Name = "filtered";

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.EnqueueTrace(e);
        context.Enqueue("INSERT INTO read_model (event_id, filler) VALUES ($1, repeat('x', 1000))", e.EventId);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Does something outside of the batch's transaction, for events of one type.</summary>
[Projection(Name, EventTypes = [EventTypes.Rare])]
internal sealed class EffectTrace(NpgsqlDataSource outside) : IEffectHandler
{
    public const string Name = "effects";

    public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) => await Traces.WriteEffectAsync(outside, e, context, cancellationToken);
}
