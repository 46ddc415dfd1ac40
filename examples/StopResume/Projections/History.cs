using Examples.Shared;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace StopResume.Projections;

/// <summary>A line for every deposit, with its place in the log.</summary>
[Projection(Name, AggregateTypes = [Deposits.AggregateType])]
internal sealed class History(FirstHandled first, TimeProvider time) : IProjection
{
    public const string Name = "history";

    // No key on purpose: an event that is applied twice gives two lines.
    public const string CreateTable = "CREATE TABLE history (position bigint NOT NULL);";

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(3);

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        first.Note(e.GlobalPosition);
        await Task.Delay(Work, time, cancellationToken);
        context.Enqueue("INSERT INTO history (position) VALUES ($1)", e.GlobalPosition);
    }
}
