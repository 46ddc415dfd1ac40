namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Units that mean something to the program.</summary>
internal static class Units
{
    /// <summary>How much is read, written or done: more is better.</summary>
    public const string EventsPerSecond = "events/s";

    /// <summary>How many runs of a workflow end: more is better.</summary>
    public const string RunsPerSecond = "runs/s";
}
