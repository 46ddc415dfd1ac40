using System.Diagnostics.Metrics;
using Orchestrator.Hosting.Scaling;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>What the gauges show: read from the loops' status when somebody looks, so that it costs the loops nothing.</summary>
internal sealed class StatusGauges(IReadOnlyCollection<ReplicaSetStatus> replicaSets, LogStatus log, TimeProvider time)
{
    /// <summary>For each projection, how far its hindmost row is behind the end of the log.</summary>
    public IEnumerable<Measurement<long>> LagEvents() =>
        from row in HindmostRows(static row => -row.Position)
        select new Measurement<long>(Math.Max(0, log.End - row.Row.Position), Tag(row.ReplicaSet), new("projection", row.Projection));

    /// <summary>For each projection, the age of the oldest event that it has before it.</summary>
    public IEnumerable<Measurement<double>> LagSeconds() =>
        from row in HindmostRows(static row => row.PendingSince is { } since ? -since.UtcTicks : long.MinValue)
        let age = row.Row.PendingSince is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0
        select new Measurement<double>(Math.Max(0, age), Tag(row.ReplicaSet), new("projection", row.Projection));

    /// <summary>For how long an open append has held everybody back; 0: none does.</summary>
    public double HorizonAge() => log.HeldSince is { } since ? time.GetElapsedTime(since).TotalSeconds : 0;

    /// <summary>How many workers the leader sees; nothing where this process does not lead.</summary>
    public IEnumerable<Measurement<int>> ActiveWorkers() =>
        from replicaSet in replicaSets
        let worker = replicaSet.Worker
        where worker is { Leads: true }
        select new Measurement<int>(worker.RosterSize, Tag(replicaSet.Name));

    /// <summary>How many partitions the active generation has.</summary>
    public IEnumerable<Measurement<int>> Partitions() =>
        from replicaSet in replicaSets
        let place = replicaSet.Worker?.Place
        where place is { GenerationId: not null }
        select new Measurement<int>(place.TotalPartitions, Tag(replicaSet.Name));

    /// <summary>The state of each worker of this process.</summary>
    public IEnumerable<Measurement<int>> WorkerState() =>
        from replicaSet in replicaSets
        let worker = replicaSet.Worker
        where worker is not null
        select new Measurement<int>(1, Tag(replicaSet.Name), new("worker_id", worker.WorkerId.ToString()), new("state", StateOf(worker.Place)));

    /// <summary>How many workers there should be; nothing where this process has no share to judge by.</summary>
    public IEnumerable<Measurement<int>> DesiredWorkers() =>
        from replicaSet in replicaSets
        let worker = replicaSet.Worker
        let place = worker?.Place
        where replicaSet.Scaling is not null && place is { GenerationId: not null, Partition: not null }
        let isHindered = log.HeldSince is not null || worker.Projections.Any(projection => projection.Rows.Any(row => row.State == RowState.Retrying))
        select new Measurement<int>(replicaSet.Scaling!.Ask(LoadOf(worker, place), isHindered), Tag(replicaSet.Name));

    private LoadSample LoadOf(WorkerStatus worker, WorkerPlace place) => new(
        time.GetTimestamp(),
        place.GenerationId ?? 0,
        place.TotalPartitions,
        log.End,
        [
            .. from projection in worker.Projections
               group projection by projection.Name into lanes
               let moving = lanes.SelectMany(lane => lane.Rows).Where(row => row.State != RowState.Stopped)
               where moving.Any()
               select new ProjectionLoad(lanes.Key, moving.Min(row => row.Position), lanes.Aggregate(TimeSpan.Zero, (sum, lane) => sum + lane.Busy) / lanes.Count()),
        ]);

    private static string StateOf(WorkerPlace? place) => place switch
    {
        null => "registered",
        { FormingId: not null } => "draining",
        { Partition: not null } => "active",
        _ => "standby",
    };

    // A projection may run in several lanes, and over several rows in each.
    private IEnumerable<(string ReplicaSet, string Projection, RowStatus Row)> HindmostRows(Func<RowStatus, long> lag) =>
        from replicaSet in replicaSets
        from projection in replicaSet.Worker?.Projections ?? []
        from row in projection.Rows
        group row by (replicaSet.Name, projection: projection.Name) into rows
        select (rows.Key.Name, rows.Key.projection, rows.MaxBy(lag)!);

    private static KeyValuePair<string, object?> Tag(string replicaSet) => new("replica_set", replicaSet);
}
