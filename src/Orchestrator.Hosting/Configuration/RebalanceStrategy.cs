namespace Orchestrator.Hosting.Configuration;

/// <summary>How the log is divided anew when workers come and go.</summary>
public enum RebalanceStrategy
{
    /// <summary>Every worker finishes its batches and pauses; then all begin with the new distribution, each with one stretch of slots. Simple to follow, and the shares are even to the slot.</summary>
    Recreate,

    /// <summary>
    /// Only slots that change hands pause, one row after another; what stays runs on. Workers keep what they have as far as fair shares allow, which are even to one part in eight. A batch of effects
    /// (<see cref="Projections.IEffectHandler"/>) that is in hand when its slots go may be repeated by their new owner, as behind a crash.
    /// </summary>
    Rolling,
}
