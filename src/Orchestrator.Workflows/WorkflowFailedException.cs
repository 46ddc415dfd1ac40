namespace Orchestrator.Workflows;

/// <summary>A service of a run failed, so that the run did.</summary>
public sealed class WorkflowFailedException : Exception
{
    internal WorkflowFailedException(WorkflowResult result)
        : base(Describe(result), Inner(result)) => Result = result;

    /// <summary>What became of every service.</summary>
    public WorkflowResult Result { get; }

    private static string Describe(WorkflowResult result) =>
        $"The workflow '{result.Workflow}' failed for the request '{result.RequestId}': "
        + string.Join("; ", result.Services.Where(service => service.Outcome != ServiceOutcome.Succeeded).Select(service => $"'{service.Service}' {service.Describe()}")) + ".";

    private static Exception? Inner(WorkflowResult result)
    {
        Exception[] thrown = [.. result.Services.Select(service => service.Exception).OfType<Exception>()];
        return thrown.Length > 1 ? new AggregateException(thrown) : thrown.FirstOrDefault();
    }
}
