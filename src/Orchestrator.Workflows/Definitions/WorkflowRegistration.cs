using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Definitions;

/// <summary>A workflow as the application added it. Filled while services are added, read when the host starts.</summary>
internal sealed class WorkflowRegistration(string name)
{
    public string Name { get; } = name;

    public List<ServiceRegistration> Services { get; } = [];

    /// <summary>Whether events begin runs, so that this host looks for them.</summary>
    public bool HasExecutor { get; set; }

    /// <summary>Gets the journal; null: the host's own, in memory.</summary>
    public Func<IServiceProvider, IWorkflowJournal>? Journal { get; set; }
}
