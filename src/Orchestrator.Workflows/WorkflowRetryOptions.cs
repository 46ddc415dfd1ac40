namespace Orchestrator.Workflows;

/// <summary>When and how often a service is asked again after an error.</summary>
public sealed class WorkflowRetryOptions
{
    /// <summary>How often a service is asked again after its first attempt; 0 to 1000. Attempts that a crash or a cancellation interrupted do not count. Default: 5.</summary>
    public int MaxRetries { get; set; } = 5;

    /// <summary>The pause before the first retry; it doubles with each. 0 to 1 day. Default: 100 ms.</summary>
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause, before it is varied; at least <see cref="InitialDelay"/>, at most 1 day. Default: 3 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>By how much of itself a pause varies at random, up or down; 0 to 1. Default: 0.2.</summary>
    public double JitterFactor { get; set; } = 0.2;

    /// <summary>Whether an error is worth another attempt. Default: every error is.</summary>
    public Func<Exception, bool> ShouldRetry { get; set; } = static _ => true;
}
