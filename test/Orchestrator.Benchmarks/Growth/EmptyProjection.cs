using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Growth;

/// <summary>Does nothing.</summary>
internal sealed class EmptyProjection : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
