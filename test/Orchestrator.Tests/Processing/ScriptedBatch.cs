using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.Tests.Processing;

/// <summary>A batch whose connection and commit do what a test says; everything else is the inner batch's.</summary>
internal sealed class ScriptedBatch(IFencedBatch inner, ScriptedCheckpoints script) : IFencedBatch
{
    public Checkpoint Checkpoint => inner.Checkpoint;

    public long ConnectionOpenedAt => script.ConnectionOpenedAt;

    public ProjectionContext Context => inner.Context;

    public ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken)
    {
        script.Given.Add((first.GlobalPosition, last.GlobalPosition));
        return inner.BeginEventsAsync(first, last, cancellationToken);
    }

    public ValueTask<Exception?> FindCommitAsync(Exception failure) => inner.FindCommitAsync(failure);

    public async Task CommitAsync(long position)
    {
        script.BeforeCommit();
        await inner.CommitAsync(position);
        script.AfterCommit();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
