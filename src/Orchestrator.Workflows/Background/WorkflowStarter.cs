using System.Text;
using System.Text.Json;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Background;

/// <summary>Begins a run for each event, in the transaction that moves the checkpoint: no event without its run, and none with two.</summary>
internal sealed class WorkflowStarter(WorkflowCatalog catalog, RunSignals signals) : IProjection
{
    private const string Prefix = "workflow-";

    /// <summary>The projection's name, the key of its checkpoints.</summary>
    public static string ProjectionOf(string workflow) => Prefix + workflow;

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        string name = context.Projection[Prefix.Length..];
        RunnableWorkflow workflow = catalog.Get(name);
        workflow.Journal.Enqueue(context, new WorkflowRunStart(name, e.EventId.ToString(), workflow.Definition.Hash) { Payload = ReadJson(e.Payload) });
        context.OnCommitted(() => signals.Pulse(name));
        return ValueTask.CompletedTask;
    }

    // What is no JSON stops the projection at this event, which the log names, instead of every run of it.
    private static string? ReadJson(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        using JsonDocument json = JsonDocument.Parse(payload);
        return Encoding.UTF8.GetString(payload.Span);
    }
}
