using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Handlers;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>A projection with its effective settings. Immutable.</summary>
/// <param name="Name">The key of its checkpoints.</param>
/// <param name="Type">The class; resolved from a new scope for every batch attempt.</param>
/// <param name="Filter">The events wanted.</param>
/// <param name="BatchSize">The most events of one transaction.</param>
/// <param name="MaxBatchDuration">A batch that has run for this long commits what it has done.</param>
/// <param name="Retry">What happens when its handler fails.</param>
internal sealed record ProjectionDefinition(string Name, Type Type, EventFilter Filter, int BatchSize, TimeSpan MaxBatchDuration, RetryPolicy Retry)
{
    /// <summary>Its typed handlers, if it has such.</summary>
    public TypedDispatch? Typed { get; init; }
}
