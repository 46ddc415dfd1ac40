namespace Orchestrator.Benchmarks.Measuring;

/// <summary>Units that mean something to the program.</summary>
internal static class Units
{
    /// <summary>The one of which more is better.</summary>
    public const string EventsPerSecond = "events/s";
}
