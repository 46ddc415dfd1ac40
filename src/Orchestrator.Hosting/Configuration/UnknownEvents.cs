namespace Orchestrator.Hosting.Configuration;

/// <summary>What a projection with typed handlers does with an event that it has no handler for.</summary>
public enum UnknownEvents
{
    /// <summary>Passes over it. Unless a filter says otherwise, only the event types that have a handler are asked for.</summary>
    Ignore,

    /// <summary>Fails, as if its handler had thrown: for projections that must know every event. Unless a filter says otherwise, every event is asked for.</summary>
    Refuse,
}
