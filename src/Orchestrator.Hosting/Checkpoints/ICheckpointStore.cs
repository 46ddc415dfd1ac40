using System.Collections.Immutable;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>The checkpoints, each behind its fence.</summary>
internal interface ICheckpointStore
{
    /// <summary>Reads the checkpoints that a worker owns, each with its stamp.</summary>
    /// <param name="fence">The owner.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The rows, in the order of projection, version and slots.</returns>
    Task<ImmutableArray<Checkpoint>> LoadAsync(Fence fence, CancellationToken cancellationToken);

    /// <summary>Reads how far each projection of a replica set is, whoever owns its rows.</summary>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One entry a projection that has rows.</returns>
    Task<ImmutableArray<ProjectionProgress>> ReadProgressAsync(string replicaSet, CancellationToken cancellationToken);

    /// <summary>Begins a batch: opens a transaction and locks the checkpoint row, if it still is the worker's, under the stamp that the worker knows.</summary>
    /// <param name="fence">The owner.</param>
    /// <param name="row">The row as last read: projection, version and first slot name it, and it must still bear the same stamp. Its position and last slot are not trusted.</param>
    /// <param name="services">The batch's dependency-injection scope, for the handlers' context.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The batch, or null: superseded, the worker must stop working on the row.</returns>
    ValueTask<IFencedBatch?> BeginAsync(Fence fence, Checkpoint row, IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Joins two neighbouring rows at the same position into the lower one: locks both in key order, checks them again, and deletes the upper one.</summary>
    /// <param name="fence">The owner of both.</param>
    /// <param name="lower">The row with the lower slots.</param>
    /// <param name="upper">The row with the slots right behind them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The joined row, or null when the rows were not what they seemed: read them again.</returns>
    Task<Checkpoint?> MergeAsync(Fence fence, Checkpoint lower, Checkpoint upper, CancellationToken cancellationToken);
}
