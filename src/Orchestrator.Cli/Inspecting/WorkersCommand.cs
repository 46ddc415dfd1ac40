using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary><c>orchestrator workers</c>: a line for each registered worker.</summary>
internal static class WorkersCommand
{
    public static Command Create() => ReportCommand.Create(
        "workers", "Shows the registered workers: where they run, which partition they have, and when they last showed that they live.", Table, report => Documents.Of(report, Document));

    private static TextTable Table(OrchestratorReport report)
    {
        var table = new TextTable("REPLICA SET", "PARTITION", "STATE", "HOST", "PROCESS", "VERSION", "HEARTBEAT", "STARTED", "WORKER");
        foreach ((ReplicaSetReport replicaSet, WorkerReport worker) in report.ReplicaSets.SelectMany(replicaSet => replicaSet.Workers.Select(worker => (replicaSet, worker))))
        {
            table.Add(
                replicaSet.Name,
                worker.Partition is { } partition ? string.Create(CultureInfo.InvariantCulture, $"{partition} of {replicaSet.Partitions()}") : "-",
                State(worker, replicaSet),
                worker.HostName,
                worker.ProcessId.ToString(CultureInfo.InvariantCulture),
                worker.ApplicationVersion,
                worker.HeartbeatAge is { } age ? $"{Durations.Of(age)} ago" : "none yet",
                $"{Durations.Of(report.ReadAt - worker.StartedAt)} ago",
                worker.Id.ToString());
        }

        return table;
    }

    private static string State(WorkerReport worker, ReplicaSetReport replicaSet)
    {
        string state = worker switch
        {
            { IsConnected: false } => "gone",
            { Partition: null } => "stands by",
            { IsStatic: true } => "static",
            _ => "works",
        };
        return worker.Id == replicaSet.LeaderId ? $"{state}, leads" : state;
    }

    private static JsonObject Document(ReplicaSetReport replicaSet) => new()
    {
        ["name"] = replicaSet.Name,
        ["workers"] = Documents.Array(replicaSet.Workers, worker => Documents.Of(worker, replicaSet)),
    };
}
