namespace Orchestrator.Workflows.Journal;

/// <summary>How far a run is.</summary>
public enum WorkflowRunStatus
{
    /// <summary>Not ended. Whether somebody is at it right now, its claim says.</summary>
    Running,

    /// <summary>Ended; every service has succeeded.</summary>
    Succeeded,

    /// <summary>Ended; a service failed or was skipped.</summary>
    Failed,
}
