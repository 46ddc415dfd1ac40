using Orchestrator.Workflows.Definitions;

namespace Orchestrator.Workflows;

/// <summary>Says what one service of a workflow needs. Faults are found when the host starts, all at once.</summary>
public sealed class WorkflowServiceBuilder
{
    private readonly List<Dependency> _dependencies = [];

    internal WorkflowServiceBuilder()
    {
    }

    internal IReadOnlyList<Dependency> Dependencies => _dependencies;

    internal WorkflowRetryOptions RetryOptions { get; } = new();

    internal TimeSpan? Limit { get; private set; }

    /// <summary>Lets the service wait for another one of the workflow.</summary>
    /// <param name="service">The other's name; it may be added later.</param>
    /// <param name="onFailure">What its failure means for this service. Default: this one is skipped.</param>
    /// <returns>The same builder.</returns>
    public WorkflowServiceBuilder DependsOn(string service, DependencyFailure onFailure = DependencyFailure.Skip)
    {
        ArgumentNullException.ThrowIfNull(service);
        _dependencies.Add(new Dependency(service, onFailure));
        return this;
    }

    /// <summary>Sets how often the service is asked again after an error; see <see cref="WorkflowRetryOptions.MaxRetries"/>.</summary>
    /// <param name="maxRetries">0 to 1000; 0 for never.</param>
    /// <returns>The same builder.</returns>
    public WorkflowServiceBuilder Retry(int maxRetries) => Retry(options => options.MaxRetries = maxRetries);

    /// <summary>Sets when and how often the service is asked again after an error.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The same builder.</returns>
    public WorkflowServiceBuilder Retry(Action<WorkflowRetryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(RetryOptions);
        return this;
    }

    /// <summary>
    /// Limits the time of one attempt. When it is over, the attempt's token is cancelled and the attempt has failed with a <see cref="TimeoutException"/>; a service that ignores its token is left behind, and
    /// may still be at work while it is asked again. Without a limit, an attempt is waited for as long as it takes.
    /// </summary>
    /// <param name="limit">1 ms to 1 day.</param>
    /// <returns>The same builder.</returns>
    public WorkflowServiceBuilder TimeLimit(TimeSpan limit)
    {
        Limit = limit;
        return this;
    }
}
