using QuickStart.Importing;
using QuickStart.ReadModels;

namespace QuickStart.Progress;

/// <summary>Without a database the read models themselves show how far they are: every event counts once in each.</summary>
internal sealed class InMemoryProgress(InMemoryReadModel readModel, HistoryImporter importer, Task import)
{
    public async Task<ProgressSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        bool importIsDone = import.IsCompletedSuccessfully;
        long events = importer.Events;
        ReadModelSnapshot rows = await readModel.ReadAsync(cancellationToken);
        return new ProgressSnapshot(
            events,
            importIsDone,
            [],
            [
                At("churn-per-file", rows.Churn.Sum(row => row.Tally.Changes), events),
                At("contribution-per-author", rows.Contributions.Sum(row => row.Tally.Changes), events),
                At("activity-per-day", rows.Activity.Sum(row => row.Tally.Changes), events),
            ]);
    }

    private static ProjectionProgress At(string name, long handled, long events) => new(name, handled, events, handled >= events);
}
