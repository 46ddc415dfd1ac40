namespace Orchestrator.Events;

/// <summary>Says under which name the events of a class are in the log. Without it, the name is the class's own.</summary>
/// <param name="name">The event type, as in <see cref="PersistedEvent.EventType"/>; compared exactly.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The event type.</summary>
    public string Name { get; } = name;
}
