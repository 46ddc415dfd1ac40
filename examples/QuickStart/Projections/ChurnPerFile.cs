using Orchestrator.Events;
using Orchestrator.Projections;
using QuickStart.Importing;
using QuickStart.ReadModels;

namespace QuickStart.Projections;

/// <summary>How often each file changes. A row belongs to one aggregate, so only one worker at a time ever touches it.</summary>
[Projection("churn-per-file", AggregateTypes = [FileEvents.AggregateType])]
internal sealed class ChurnPerFile(IReadModel readModel) : IProjection
{
    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        FileChange change = FileChange.Read(e.Payload);
        readModel.Add(context, new ChurnRow(change.Path, Tallies.Of(change), e.EventType, change.Commit));
        return ValueTask.CompletedTask;
    }
}
