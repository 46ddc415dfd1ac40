using Microsoft.Extensions.Options;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Definitions;

/// <summary>The workflows that can be run, with their journals.</summary>
internal sealed class WorkflowCatalog
{
    private readonly Dictionary<string, RunnableWorkflow> _workflows;

    /// <summary>Reads what was registered.</summary>
    /// <exception cref="OptionsValidationException">A workflow has faults. A host finds them when it starts; without one, here.</exception>
    public WorkflowCatalog(WorkflowRegistry registry, IOptionsMonitor<WorkflowOptions> options, InMemoryWorkflowJournal inMemory, IServiceProvider services) =>
        _workflows = registry.Workflows.ToDictionary(
            workflow => workflow.Name,
            workflow => new RunnableWorkflow(WorkflowDefinition.From(workflow, options.Get(workflow.Name)), workflow.Journal?.Invoke(services) ?? inMemory),
            StringComparer.Ordinal);

    /// <summary>A workflow and its journal.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public RunnableWorkflow Get(string workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return _workflows.TryGetValue(workflow, out RunnableWorkflow? found)
            ? found
            : throw new ArgumentException($"There is no workflow '{workflow}'. Added with AddWorkflow: {(_workflows.Count == 0 ? "none" : string.Join(", ", _workflows.Keys.Select(name => $"'{name}'")))}.", nameof(workflow));
    }
}

/// <summary>A workflow and where its runs are kept.</summary>
internal sealed record RunnableWorkflow(WorkflowDefinition Definition, IWorkflowJournal Journal);
