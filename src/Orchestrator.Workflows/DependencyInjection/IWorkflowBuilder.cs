using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Workflows.DependencyInjection;

/// <summary>Adds services to one workflow.</summary>
public interface IWorkflowBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The workflow's name.</summary>
    string Name { get; }
}
