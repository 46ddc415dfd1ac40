namespace Orchestrator.Hosting.Threading;

/// <summary>The pauses between attempts: doubling from the first to the longest, each varied at random so that processes do not retry in step.</summary>
/// <param name="Initial">The pause behind the first failure.</param>
/// <param name="Max">The longest pause.</param>
/// <param name="JitterFactor">By how much of itself a pause varies, up or down; 0 to 1.</param>
internal sealed record Backoff(TimeSpan Initial, TimeSpan Max, double JitterFactor)
{
    /// <summary>For the database and everything behind it.</summary>
    public static Backoff Infrastructure { get; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 0.2);

    /// <summary>The pause behind the n-th failure in a row.</summary>
    /// <param name="failures">1 or greater.</param>
    /// <param name="random">Where the variation comes from.</param>
    public TimeSpan Delay(int failures, Random random)
    {
        double doubled = Initial.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        double jitter = 1 + (JitterFactor * ((random.NextDouble() * 2) - 1));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, Max.TotalMilliseconds) * jitter);
    }
}
