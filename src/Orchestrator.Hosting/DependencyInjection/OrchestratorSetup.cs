using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>Chooses where the orchestrator keeps its log and its coordination: <c>UsePostgreSql</c> or <c>UseInMemory</c>.</summary>
public sealed class OrchestratorSetup
{
    internal OrchestratorSetup(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }
}
