using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Generations;

/// <summary>Why a worker is taken off the roster without its doing. The store checks it again under the replica set's lock.</summary>
internal enum RemovalReason
{
    /// <summary>Its session lock is free: the process is gone, or its control session is.</summary>
    Dead,

    /// <summary>Its heartbeat has not moved for the stale time-out: frozen, or cut off.</summary>
    Stale,
}

/// <summary>Takes a worker off the roster.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="Reason">Why.</param>
/// <param name="ObservedSequence">The heartbeat that has not moved; when it has by now, the worker stays.</param>
internal sealed record WorkerRemoval(Guid WorkerId, RemovalReason Reason, long ObservedSequence);

/// <summary>Forms a generation. Applied only if the generations still are what the decision saw and every member is still registered.</summary>
/// <param name="ExpectedActive">The active generation's id when the decision was made, or null.</param>
/// <param name="ExpectedForming">The forming generation's id when the decision was made, or null; it is superseded.</param>
/// <param name="Members">The new members; index is partition.</param>
/// <param name="Reason">In words, for logs and the generations table.</param>
internal sealed record FormGeneration(long? ExpectedActive, long? ExpectedForming, ImmutableArray<Guid> Members, string Reason)
{
    /// <summary>How the generation comes to own the slots.</summary>
    public RebalanceStrategy Strategy { get; init; }
}

/// <summary>What an activation came to.</summary>
/// <param name="Unowned">The projections with checkpoints that no member has. Their positions are kept until one does.</param>
internal sealed record Activation(ImmutableArray<string> Unowned)
{
    /// <summary>How many rows have changed hands, of a generation that takes them over one by one and has not all of them yet; null: it is active.</summary>
    public int? Moved { get; init; }

    /// <summary>Reads it from the rows that were written.</summary>
    public static Activation Of(IEnumerable<(string Projection, Guid? Owner)> rows) => new([.. rows.Where(row => row.Owner is null).Select(row => row.Projection).Distinct(StringComparer.Ordinal)]);
}

/// <summary>
/// Activates the forming generation, or has it take over more rows on its way there (<see cref="RebalanceStrategy.Rolling"/>). Applied only if it still is the forming one and all who must have acknowledged
/// have, or are excused; with Rolling nobody must.
/// </summary>
/// <param name="GenerationId">The forming generation.</param>
/// <param name="Excused">Workers whose acknowledgement has been waited for in vain.</param>
internal sealed record ActivateGeneration(long GenerationId, ImmutableArray<Guid> Excused);
