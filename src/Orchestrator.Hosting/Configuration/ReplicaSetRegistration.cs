using Orchestrator.Hosting.Handlers;

namespace Orchestrator.Hosting.Configuration;

/// <summary>A replica set as the application registered it. Filled while services are added, read when the host starts.</summary>
internal sealed class ReplicaSetRegistration(string name)
{
    public string Name { get; } = name;

    public List<ProjectionRegistration> Projections { get; } = [];
}

/// <summary>A projection as the application registered it.</summary>
/// <param name="Name">The key of its checkpoints.</param>
/// <param name="Type">The class.</param>
/// <param name="Handlers">Its typed handlers, if it has such.</param>
internal sealed record ProjectionRegistration(string Name, Type Type, TypedHandlers? Handlers);
