namespace Orchestrator.ChaosTests.Checking;

/// <summary>A projection that leaves a trace of what it was given.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EventType">The only type of events that it wants; null: all.</param>
/// <param name="IsEffect">Whether it is given events at least once, outside of any transaction.</param>
internal sealed record TracedProjection(string Name, string? EventType = null, bool IsEffect = false)
{
    /// <summary>The table that it writes to.</summary>
    public string Table => IsEffect ? "effects" : "trace";
}
