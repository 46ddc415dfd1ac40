using Orchestrator.Events;
using Orchestrator.Projections;
using QuickStart.Importing;
using QuickStart.ReadModels;

namespace QuickStart.Projections;

/// <summary>
/// What each author contributed. An author's row is shared by all workers, because their slots are ranges of file paths: so the batch adds to each row once, with
/// <c>+=</c>, and in the order of the keys, so that two workers never wait for each other in a circle.
/// </summary>
[Projection("contribution-per-author", AggregateTypes = [FileEvents.AggregateType])]
internal sealed class ContributionPerAuthor(IReadModel readModel) : IBatchProjection
{
    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        IEnumerable<ContributionRow> rows = events
            .Select(e => FileChange.Read(e.Payload))
            .GroupBy(change => (change.AuthorEmail, change.AuthorName))
            .OrderBy(group => group.Key.AuthorEmail, StringComparer.Ordinal)
            .ThenBy(group => group.Key.AuthorName, StringComparer.Ordinal)
            .Select(group => new ContributionRow(group.Key.AuthorName, group.Key.AuthorEmail, Tallies.Sum(group)));
        foreach (ContributionRow row in rows)
        {
            readModel.Add(context, row);
        }

        return ValueTask.CompletedTask;
    }
}
