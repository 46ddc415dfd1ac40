namespace Orchestrator.Projections;

/// <summary>Names a projection and says which events it wants.</summary>
/// <param name="name">The projection's name: the key of its checkpoints. Renaming it starts it anew from the beginning of the log.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ProjectionAttribute(string name) : Attribute
{
    /// <summary>The projection's name; 1 to 200 characters.</summary>
    public string Name { get; } = name;

    /// <summary>The aggregate types it wants. Empty, the default: all.</summary>
    public string[] AggregateTypes { get; init; } = [];

    /// <summary>The event types it wants. Empty, the default: all.</summary>
    public string[] EventTypes { get; init; } = [];
}
