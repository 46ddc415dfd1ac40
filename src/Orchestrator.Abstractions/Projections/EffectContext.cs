namespace Orchestrator.Projections;

/// <summary>What an effect handler gets besides its event. Immutable.</summary>
public sealed class EffectContext
{
    /// <summary>The key of this projection's effect for this event: the same for every attempt on every worker (<see cref="Orchestrator.Projections.IdempotencyKey.Of"/>).</summary>
    public required Guid IdempotencyKey { get; init; }

    /// <summary>The projection's name.</summary>
    public required string Projection { get; init; }

    /// <summary>The replica set's name.</summary>
    public required string ReplicaSet { get; init; }

    /// <summary>The worker that runs the effect.</summary>
    public required Guid WorkerId { get; init; }

    /// <summary>The generation that owns the checkpoint.</summary>
    public required long GenerationId { get; init; }

    /// <summary>The dependency-injection scope that the handler was resolved from.</summary>
    public required IServiceProvider Services { get; init; }
}
