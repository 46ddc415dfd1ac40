using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Definitions;

/// <summary>A workflow as the application added it. Filled while services are added, read when the host starts.</summary>
internal sealed class WorkflowRegistration(string name)
{
    public string Name { get; } = name;

    public List<ServiceRegistration> Services { get; } = [];

    /// <summary>Gets the journal; null: the host's own, in memory.</summary>
    public Func<IServiceProvider, IWorkflowJournal>? Journal { get; set; }
}
