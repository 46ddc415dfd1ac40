using Orchestrator.Projections;

namespace QuickStart.ReadModels;

/// <summary>The read models where there is no database: gone with the process. Shared by all hosts in it.</summary>
internal sealed class InMemoryReadModel : IReadModel
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ChurnRow> _churn = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Email), Tally> _contributions = [];
    private readonly Dictionary<DateOnly, Tally> _activity = [];

    public void Add(ProjectionContext context, ChurnRow row) =>
        WhenCommitted(context, () => _churn[row.Path] = _churn.TryGetValue(row.Path, out ChurnRow? before) ? row with { Tally = before.Tally + row.Tally } : row);

    public void Add(ProjectionContext context, ContributionRow row) =>
        WhenCommitted(context, () => _contributions[(row.Name, row.Email)] = _contributions.TryGetValue((row.Name, row.Email), out Tally? before) ? before + row.Tally : row.Tally);

    public void Add(ProjectionContext context, ActivityRow row) =>
        WhenCommitted(context, () => _activity[row.Day] = _activity.TryGetValue(row.Day, out Tally? before) ? before + row.Tally : row.Tally);

    public Task<ReadModelSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new ReadModelSnapshot(
                [.. _churn.Values],
                [.. _contributions.Select(entry => new ContributionRow(entry.Key.Name, entry.Key.Email, entry.Value))],
                [.. _activity.Select(entry => new ActivityRow(entry.Key, entry.Value))]));
        }
    }

    private void WhenCommitted(ProjectionContext context, Action change) => context.OnCommitted(() =>
    {
        lock (_lock)
        {
            change();
        }
    });
}
