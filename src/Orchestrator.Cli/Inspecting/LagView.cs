using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>Shows how far projections are behind.</summary>
internal static class LagView
{
    public static async Task ShowAsync(DatabaseContext context, LagOptions options, OrchestratorReport report)
    {
        bool partitions = options.ShowsPartitions(context);
        if (options.IsJson(context))
        {
            await context.Console.WriteJsonAsync(Documents.Of(report, replicaSet => Document(replicaSet, partitions)), inOneLine: options.Watches(context));
            return;
        }

        if (options.Watches(context))
        {
            await context.Console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{report.ReadAt.UtcDateTime:u}  end of the log: {report.LogEnd}"));
        }

        context.Console.Write(partitions ? Parts(report) : Projections(report));
    }

    private static TextTable Projections(OrchestratorReport report)
    {
        var table = new TextTable("REPLICA SET", "PROJECTION", "POSITION", "EVENTS BEHIND", "TIME BEHIND");
        foreach ((ReplicaSetReport replicaSet, ProjectionReport projection) in Pairs(report))
        {
            table.Add(replicaSet.Name, Name(projection), Text(projection.Position), Text(projection.Behind), Durations.Of(projection.Age));
        }

        return table;
    }

    private static TextTable Parts(OrchestratorReport report)
    {
        var table = new TextTable("REPLICA SET", "PROJECTION", "SLOTS", "PARTITION", "POSITION", "EVENTS BEHIND", "TIME BEHIND", "WORKER");
        foreach ((ReplicaSetReport replicaSet, ProjectionReport projection) in Pairs(report))
        {
            foreach (CheckpointReport part in projection.Parts)
            {
                table.Add(
                    replicaSet.Name,
                    Name(projection),
                    string.Create(CultureInfo.InvariantCulture, $"{part.Slots.From}-{part.Slots.To - 1}"),
                    replicaSet.PartitionOf(part) is { } partition ? Text(partition) : "-",
                    Text(part.Position),
                    Text(part.Behind),
                    Durations.Of(part.Age),
                    part.WorkerId?.ToString() ?? "none: its events wait");
            }
        }

        return table;
    }

    private static JsonObject Document(ReplicaSetReport replicaSet, bool partitions) => new()
    {
        ["name"] = replicaSet.Name,
        ["projections"] = Documents.Array(replicaSet.Projections, projection => Document(projection, replicaSet, partitions)),
    };

    private static JsonObject Document(ProjectionReport projection, ReplicaSetReport replicaSet, bool partitions)
    {
        JsonObject document = Documents.Of(projection);
        if (partitions)
        {
            document["partitions"] = Documents.Array(projection.Parts, part => Documents.Of(part, replicaSet));
        }

        return document;
    }

    private static IEnumerable<(ReplicaSetReport ReplicaSet, ProjectionReport Projection)> Pairs(OrchestratorReport report) =>
        report.ReplicaSets.SelectMany(replicaSet => replicaSet.Projections.Select(projection => (replicaSet, projection)));

    private static string Name(ProjectionReport projection) =>
        projection.Version == 1 ? projection.Name : string.Create(CultureInfo.InvariantCulture, $"{projection.Name}, version {projection.Version}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
