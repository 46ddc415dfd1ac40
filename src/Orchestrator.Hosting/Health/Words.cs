using System.Globalization;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>How health says things.</summary>
internal static class Words
{
    /// <summary>A duration, in seconds.</summary>
    public static string Of(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");

    /// <summary>A replica set, as a line.</summary>
    public static string Of(ReplicaSetStatus replicaSet) => replicaSet.Worker is { } worker
        ? $"worker {worker.WorkerId}, {Of(worker.Place)}, heartbeat confirmed {Of(worker.SinceConfirmed)} ago"
        : replicaSet.Disabled ? "disabled" : "no worker";

    /// <summary>A projection's rows, in all of its lanes, as a line: how many there are, how far the last one is, and how many do not move.</summary>
    public static string Of(IEnumerable<ProjectionStatus> lanes)
    {
        RowStatus[] rows = [.. lanes.SelectMany(lane => lane.Rows)];
        string text = rows.Length == 0 ? "starting" : string.Create(CultureInfo.InvariantCulture, $"position {rows.Min(row => row.Position)}, slot ranges: {rows.Length}");
        int stopped = rows.Count(row => row.State == RowState.Stopped);
        int retrying = rows.Count(row => row.State == RowState.Retrying);
        string? cause = rows.FirstOrDefault(row => row.State != RowState.Running)?.Cause;
        return stopped + retrying == 0 ? text : $"{text}, {stopped} stopped, {retrying} retrying ({cause})";
    }

    private static string Of(WorkerPlace? place) => place switch
    {
        { GenerationId: { } id, Partition: { } partition } => $"partition {partition} of {place.TotalPartitions} in generation {id}",
        { GenerationId: { } id } => $"standing by in generation {id}",
        _ => "no generation yet",
    };
}
