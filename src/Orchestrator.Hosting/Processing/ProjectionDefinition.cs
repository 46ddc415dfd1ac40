using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Handlers;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>A projection with its effective settings.</summary>
/// <param name="Name">The key of its checkpoints.</param>
/// <param name="Type">The class; resolved from a new scope for every batch attempt.</param>
/// <param name="Filter">The events wanted.</param>
/// <param name="Tuning">What may change while it runs. Each value is read once for a batch, when it is needed.</param>
internal sealed record ProjectionDefinition(string Name, Type Type, EventFilter Filter, Live<ProjectionTuning> Tuning)
{
    /// <summary>Its typed handlers, if it has such.</summary>
    public TypedDispatch? Typed { get; init; }

    /// <summary>Whether each event gets an activity, in its own trace.</summary>
    public bool TraceEvents { get; init; }

    /// <summary>A batch that has run for this long commits what it has done.</summary>
    public TimeSpan MaxBatchDuration => Tuning.Value.MaxBatchDuration;

    /// <summary>How many effects of a batch run at the same time.</summary>
    public int MaxConcurrency => Tuning.Value.MaxConcurrency;

    /// <summary>What happens when its handler fails.</summary>
    public RetryPolicy Retry => Tuning.Value.Retry;
}
