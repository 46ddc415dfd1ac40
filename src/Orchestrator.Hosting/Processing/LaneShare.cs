using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;

namespace Orchestrator.Hosting.Processing;

/// <summary>The rows of one projection that one lane is to run. They change while it runs, where the strategy lets rows change hands one by one. Written by the partition worker, read by the lane's runner.</summary>
internal sealed class LaneShare(ImmutableArray<Checkpoint> rows)
{
    private volatile State _state = new(rows, new CancellationTokenSource());

    /// <summary>The rows, and what is cancelled as soon as they are others.</summary>
    public (ImmutableArray<Checkpoint> Rows, CancellationToken Changed) Now => (_state.Rows, _state.Source.Token);

    /// <summary>The rows, as the partition worker last read them.</summary>
    public ImmutableArray<Checkpoint> Rows => _state.Rows;

    /// <summary>Whether a row is still the lane's, as far as this process knows: under the same stamp.</summary>
    public bool Holds(Checkpoint row) => _state.Rows.Any(mine => mine.Names(row));

    /// <summary>Replaces the rows.</summary>
    public void Publish(ImmutableArray<Checkpoint> others)
    {
        CancellationTokenSource before = _state.Source;
        _state = new State(others, new CancellationTokenSource());
        before.Cancel();
    }

    private sealed record State(ImmutableArray<Checkpoint> Rows, CancellationTokenSource Source);
}
