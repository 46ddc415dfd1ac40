namespace Orchestrator.Workflows.Definitions;

/// <summary>A service as the application added it: nothing of it is checked yet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What it needs.</param>
/// <param name="Resolve">Gets it from an attempt's scope.</param>
internal sealed record ServiceRegistration(string Name, WorkflowServiceBuilder Settings, Func<IServiceProvider, IWorkflowService> Resolve);
