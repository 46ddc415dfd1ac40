namespace Orchestrator.Workflows.Definitions;

/// <summary>When and how often a service is asked again; checked, and not changed any more.</summary>
internal sealed record RetryPolicy(int MaxRetries, TimeSpan InitialDelay, TimeSpan MaxDelay, double JitterFactor, Func<Exception, bool> ShouldRetry)
{
    // 2^30 times the shortest pause that can be told from none is longer than the longest that may be set.
    private const int MostDoublings = 30;

    public static RetryPolicy From(WorkflowRetryOptions options) => new(options.MaxRetries, options.InitialDelay, options.MaxRetryDelay, options.JitterFactor, options.ShouldRetry);

    /// <summary>The pause behind a failure.</summary>
    /// <param name="failures">How many attempts have failed; 1 or greater.</param>
    /// <param name="chance">0 to 1: by how much the pause varies, where 0.5 is not at all.</param>
    public TimeSpan Delay(int failures, double chance)
    {
        double doubled = InitialDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, MaxDelay.TotalMilliseconds) * (1 + (JitterFactor * ((chance * 2) - 1))));
    }
}
