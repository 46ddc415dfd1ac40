using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;

namespace Orchestrator.Tests.Processing;

/// <summary>Checkpoints in memory that fail where a test says so.</summary>
internal sealed class ScriptedCheckpoints(ICheckpointStore inner) : ICheckpointStore
{
    public long ConnectionOpenedAt { get; set; }

    public Action BeforeLoad { get; set; } = () => { };

    public Action BeforeBegin { get; set; } = () => { };

    public Action BeforeCommit { get; set; } = () => { };

    /// <summary>Throwing here is a commit whose reply is lost.</summary>
    public Action AfterCommit { get; set; } = () => { };

    public int Begun { get; private set; }

    /// <summary>The first and last position of what handlers were said to get next.</summary>
    public IList<(long First, long Last)> Given { get; } = [];

    public Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken)
    {
        BeforeLoad();
        return inner.LoadAsync(fence, cancellationToken);
    }

    public Task<ImmutableArray<ProjectionProgress>> ReadProgressAsync(string replicaSet, CancellationToken cancellationToken) => inner.ReadProgressAsync(replicaSet, cancellationToken);

    public async ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken)
    {
        Begun++;
        BeforeBegin();
        return await inner.BeginAsync(fence, row, services, cancellationToken) is { } batch ? new ScriptedBatch(batch, this) : null;
    }

    public Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken) => inner.MergeAsync(fence, lower, upper, cancellationToken);
}
