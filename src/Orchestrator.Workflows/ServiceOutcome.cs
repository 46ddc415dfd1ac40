namespace Orchestrator.Workflows;

/// <summary>What became of a service.</summary>
public enum ServiceOutcome
{
    /// <summary>It has done its work.</summary>
    Succeeded,

    /// <summary>Its last attempt failed.</summary>
    Failed,

    /// <summary>It was not asked, because a service that it depends on has not succeeded.</summary>
    Skipped,
}
