namespace Orchestrator.Workflows.Journal;

/// <summary>A claim has expired and the run was taken over, or has ended: whoever held it writes nothing any more.</summary>
public sealed class WorkflowClaimLostException : Exception
{
    /// <summary>Creates the exception; journals throw it.</summary>
    /// <param name="claim">The claim that is over.</param>
    public WorkflowClaimLostException(WorkflowClaim claim)
        : base($"Claim {claim?.Token} of the workflow run {claim?.RunId} is over: another host has the run now, or has ended it.")
    {
    }
}
