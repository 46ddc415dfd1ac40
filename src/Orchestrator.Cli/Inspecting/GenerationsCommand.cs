using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary><c>orchestrator generations</c>: the newest generations, and why they were formed.</summary>
internal static class GenerationsCommand
{
    private const int DefaultCount = 20;

    public static Command Create()
    {
        var replicaSet = new ReplicaSetOption();
        var json = new JsonOption();
        var count = new Option<int>("--count") { Description = $"How many at most. Default: {DefaultCount}.", DefaultValueFactory = _ => DefaultCount };
        var command = new Command("generations", "Shows the newest generations, the last one first: how the log was divided, and why.") { replicaSet, count, json };
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            int most = context.Line.GetValue(count) is var wanted and >= 1 ? wanted : throw new UsageException("--count must be 1 or more.");
            IReadOnlyList<GenerationReport> generations = await context.Services.GetRequiredService<IOrchestratorInspector>()
                .ReadGenerationsAsync(context.Line.GetValue(replicaSet), most, cancellationToken);
            if (generations.Count == 0 && await replicaSet.InspectAsync(context, cancellationToken) is null)
            {
                return ExitCodes.Refused;
            }

            await ShowAsync(context, generations, context.Line.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ShowAsync(DatabaseContext context, IReadOnlyList<GenerationReport> generations, bool json)
    {
        if (json)
        {
            await context.Console.WriteJsonAsync(new JsonObject { ["generations"] = Documents.Array(generations, Documents.Of) });
            return;
        }

        var table = new TextTable("REPLICA SET", "GENERATION", "STATE", "PARTITIONS", "STRATEGY", "FORMED", "ACTIVE AFTER", "REASON");
        foreach (GenerationReport generation in generations)
        {
            table.Add(
                generation.ReplicaSet,
                generation.Id.ToString(CultureInfo.InvariantCulture),
                generation.State,
                generation.TotalPartitions.ToString(CultureInfo.InvariantCulture),
                generation.Strategy,
                generation.CreatedAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture),
                generation.ActivatedAt is { } activated ? Durations.Of(activated - generation.CreatedAt) : "-",
                generation.Reason);
        }

        context.Console.Write(table);
    }
}
