using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>The builder behind both interfaces.</summary>
internal sealed class OrchestratorBuilder(IServiceCollection services, OrchestratorRegistry registry) : IOrchestratorBuilder
{
    public IServiceCollection Services => services;

    public OrchestratorRegistry Registry => registry;
}

/// <summary>The builder of one replica set.</summary>
internal sealed class ReplicaSetBuilder(IServiceCollection services, OrchestratorRegistry registry, ReplicaSetRegistration replicaSet) : IReplicaSetBuilder
{
    public IServiceCollection Services => services;

    public OrchestratorRegistry Registry => registry;

    public string Name => replicaSet.Name;

    public ReplicaSetRegistration ReplicaSet => replicaSet;
}
