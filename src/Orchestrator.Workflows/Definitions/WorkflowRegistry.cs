namespace Orchestrator.Workflows.Definitions;

/// <summary>The workflows of one application.</summary>
internal sealed class WorkflowRegistry
{
    private readonly Dictionary<string, WorkflowRegistration> _workflows = new(StringComparer.Ordinal);

    public IReadOnlyCollection<WorkflowRegistration> Workflows => _workflows.Values;

    /// <summary>Finds a workflow, or adds it.</summary>
    /// <returns>The workflow, and whether it is new.</returns>
    public (WorkflowRegistration Workflow, bool Added) GetOrAdd(string name)
    {
        if (_workflows.TryGetValue(name, out WorkflowRegistration? existing))
        {
            return (existing, false);
        }

        var added = new WorkflowRegistration(name);
        _workflows.Add(name, added);
        return (added, true);
    }
}
