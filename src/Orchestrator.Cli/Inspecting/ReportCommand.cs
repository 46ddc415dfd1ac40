using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>A command that looks once and shows what it has seen, as a table or as a document.</summary>
internal static class ReportCommand
{
    public static Command Create(string name, string description, Func<OrchestratorReport, TextTable> table, Func<OrchestratorReport, JsonObject> document)
    {
        var replicaSet = new ReplicaSetOption();
        var json = new JsonOption();
        var command = new Command(name, description) { replicaSet, json };
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            if (await replicaSet.InspectAsync(context, cancellationToken) is not { } report)
            {
                return ExitCodes.Refused;
            }

            if (context.Line.GetValue(json))
            {
                await context.Console.WriteJsonAsync(document(report));
            }
            else
            {
                context.Console.Write(table(report));
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
