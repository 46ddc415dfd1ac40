using Orchestrator.Events;
using Orchestrator.Projections;
using QuickStart.Importing;
using QuickStart.ReadModels;

namespace QuickStart.Projections;

/// <summary>What happened on each day. Rows are shared by all workers, as in <see cref="ContributionPerAuthor"/>: one addition a row and batch, in the order of the days.</summary>
[Projection("activity-per-day", AggregateTypes = [FileEvents.AggregateType])]
internal sealed class ActivityPerDay(IReadModel readModel) : IBatchProjection
{
    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        IEnumerable<ActivityRow> rows = events
            .Select(e => FileChange.Read(e.Payload))
            .GroupBy(change => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(change.At).UtcDateTime))
            .OrderBy(group => group.Key)
            .Select(group => new ActivityRow(group.Key, Tallies.Sum(group)));
        foreach (ActivityRow row in rows)
        {
            readModel.Add(context, row);
        }

        return ValueTask.CompletedTask;
    }
}
