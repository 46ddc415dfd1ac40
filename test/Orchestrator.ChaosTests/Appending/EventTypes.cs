namespace Orchestrator.ChaosTests.Appending;

/// <summary>The kinds of events that are appended.</summary>
internal static class EventTypes
{
    public const string Common = "Happened";

    /// <summary>One of eight: what projections with a filter want.</summary>
    public const string Rare = "Rarely";

    /// <summary>Makes the handler that gets it use up its process's thread pool for a while.</summary>
    public const string Starve = "Starved";
}
