using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary><c>orchestrator status</c>: a line for each replica set.</summary>
internal static class StatusCommand
{
    public static Command Create() => ReportCommand.Create(
        "status", "Shows a line for each replica set: its generation, workers, and how far its hindmost projection is behind.", Table, report => Documents.Of(report, Document));

    private static TextTable Table(OrchestratorReport report)
    {
        var table = new TextTable("REPLICA SET", "GENERATION", "PARTITIONS", "WORKERS", "PROJECTIONS", "EVENTS BEHIND", "TIME BEHIND");
        foreach (ReplicaSetReport replicaSet in report.ReplicaSets)
        {
            table.Add(
                replicaSet.Name,
                Generation(replicaSet),
                replicaSet.Partitions().ToString(CultureInfo.InvariantCulture),
                Workers(replicaSet),
                replicaSet.Projections.Count.ToString(CultureInfo.InvariantCulture),
                Behind(replicaSet).ToString(CultureInfo.InvariantCulture),
                Durations.Of(Age(replicaSet)));
        }

        return table;
    }

    private static JsonObject Document(ReplicaSetReport replicaSet) => new()
    {
        ["name"] = replicaSet.Name,
        ["leaderId"] = replicaSet.LeaderId,
        ["activeGenerationId"] = replicaSet.InState("active")?.Id,
        ["formingGenerationId"] = replicaSet.InState("forming")?.Id,
        ["isStatic"] = replicaSet.InState("static") is not null,
        ["totalPartitions"] = replicaSet.Partitions(),
        ["workers"] = replicaSet.Workers.Count,
        ["workersGone"] = replicaSet.Workers.Count(IsGone),
        ["projections"] = replicaSet.Projections.Count,
        ["eventsBehind"] = Behind(replicaSet),
        ["secondsBehind"] = Age(replicaSet).TotalSeconds,
    };

    private static string Generation(ReplicaSetReport replicaSet)
    {
        string[] states =
        [
            .. replicaSet.Generations.Where(generation => generation.State != "static").Select(generation => string.Create(CultureInfo.InvariantCulture, $"{generation.Id} {generation.State}")),
            .. replicaSet.InState("static") is null ? Array.Empty<string>() : ["static"],
        ];
        return states.Length == 0 ? "none" : string.Join(", ", states);
    }

    private static string Workers(ReplicaSetReport replicaSet)
    {
        int gone = replicaSet.Workers.Count(IsGone);
        return string.Create(CultureInfo.InvariantCulture, $"{replicaSet.Workers.Count}{(gone == 0 ? "" : $" ({gone} gone)")}");
    }

    private static bool IsGone(WorkerReport worker) => worker.IsConnected == false;

    private static long Behind(ReplicaSetReport replicaSet) => replicaSet.Projections.Select(projection => projection.Behind).DefaultIfEmpty().Max();

    private static TimeSpan Age(ReplicaSetReport replicaSet) => replicaSet.Projections.Select(projection => projection.Age).DefaultIfEmpty().Max();
}
