namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>Adds projections to one replica set; being an <see cref="IOrchestratorBuilder"/> too, it can go on to the next replica set in the same chain.</summary>
public interface IReplicaSetBuilder : IOrchestratorBuilder
{
    /// <summary>The replica set's name.</summary>
    string Name { get; }
}
