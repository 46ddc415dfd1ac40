using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Connecting;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>Which replica set a command shows.</summary>
internal sealed class ReplicaSetOption : Option<string?>
{
    public ReplicaSetOption()
        : base("--replica-set", "-r") => Description = "Only this replica set. Default: all.";

    /// <summary>Looks at what was asked for.</summary>
    /// <returns>The report; null where there is no such replica set, which the user is told.</returns>
    public async Task<OrchestratorReport?> InspectAsync(DatabaseContext context, CancellationToken cancellationToken)
    {
        IOrchestratorInspector inspector = context.Services.GetRequiredService<IOrchestratorInspector>();
        string? wanted = context.Line.GetValue(this);
        OrchestratorReport report = await inspector.InspectAsync(wanted, cancellationToken);
        if (wanted is null || report.ReplicaSets.Count > 0)
        {
            return report;
        }

        OrchestratorReport all = await inspector.InspectAsync(cancellationToken: cancellationToken);
        string others = all.ReplicaSets.Count == 0 ? "No worker has registered in this database yet." : $"There are: {string.Join(", ", all.ReplicaSets.Select(replicaSet => replicaSet.Name))}.";
        await context.Console.FailAsync($"There is no replica set '{wanted}'. {others}");
        return null;
    }
}
