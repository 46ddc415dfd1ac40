using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>Adds replica sets to the application's orchestrator.</summary>
public interface IOrchestratorBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
