namespace Orchestrator.Hosting.Configuration;

/// <summary>How a failing handler is tried again before its projection's partition stops.</summary>
public sealed class RetryOptions
{
    /// <summary>
    /// How often a failing event is tried alone before its checkpoint row stops. A batch of several that fails is tried again with half its events until it is one event or gets through; these attempts do
    /// not count, so that it is always one event that stops a row, and the events in front of it get through. Default: 5; 1 to 1,000.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The pause behind the first failure; it doubles with every further one in a row, whether of one event or several. Default: 100 ms; 0 to 1 h.</summary>
    public TimeSpan InitialDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause. Default: 3 s; <see cref="InitialDelay"/> to 1 h.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>By how much of itself a pause varies at random, so that workers do not retry in step. Default: 0.2; 0 to 1.</summary>
    public double JitterFactor { get; set; } = 0.2;
}
