namespace Orchestrator.Workflows;

/// <summary>What the failure of a dependency means for the service that depends on it.</summary>
public enum DependencyFailure
{
    /// <summary>The service is skipped.</summary>
    Skip,

    /// <summary>The service runs anyway, once the dependency has ended.</summary>
    Continue,
}
