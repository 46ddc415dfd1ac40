using System.Globalization;

namespace Orchestrator.Hosting.Doctor;

/// <summary>Judges a snapshot. Pure. What is normal for a moment, as slots between two owners, is given that moment.</summary>
internal static class Diagnosis
{
    private const int ManyGenerations = 10;
    private const double FewConnections = 0.9;

    private static readonly TimeSpan s_longAppend = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lateHeartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longRescale = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_standstill = TimeSpan.FromMinutes(1);

    /// <summary>The report on a snapshot.</summary>
    public static DoctorReport Of(DoctorSnapshot snapshot)
    {
        IEnumerable<DoctorFinding> findings =
        [
            .. Horizon(snapshot),
            .. Log(snapshot),
            .. Connections(snapshot),
            .. snapshot.ReplicaSets.SelectMany(replicaSet => Workers(replicaSet, [.. snapshot.Workers.Where(worker => worker.ReplicaSet == replicaSet.Name)])),
            .. snapshot.ReplicaSets.SelectMany(Generations),
            .. snapshot.ReplicaSets.SelectMany(replicaSet => Slots(replicaSet, snapshot)),
            .. Apart(snapshot),
        ];
        return new DoctorReport(snapshot.Horizon, [.. findings.OrderByDescending(finding => finding.Severity)]);
    }

    private static IEnumerable<DoctorFinding> Horizon(DoctorSnapshot snapshot)
    {
        if (snapshot.Horizon is { Waiting: > 0, Holders: [var oldest, ..] } && (oldest.Age is null || oldest.Age >= s_longAppend))
        {
            yield return new DoctorFinding(
                oldest.Age is null ? DoctorSeverity.Information : DoctorSeverity.Error,
                "horizon-held",
                null,
                string.Create(CultureInfo.InvariantCulture, $"{HorizonWords.NameOf(oldest)} has appended and is still open{(oldest.Age is { } age ? $", for {Words(age)}" : ", for how long this user may not see")}. Positions that wait behind it: at most {snapshot.Horizon.Waiting}."),
                oldest.EndStatement is { } end ? $"Commit it or roll it back where it was begun, or end it: {end};" : "Commit it or roll it back where it was begun.");
        }
    }

    private static IEnumerable<DoctorFinding> Log(DoctorSnapshot snapshot)
    {
        if (snapshot.Horizon.FurthestCheckpoint > snapshot.Horizon.LastDrawn)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Error,
                "checkpoint-ahead-of-log",
                null,
                string.Create(CultureInfo.InvariantCulture, $"A checkpoint stands at position {snapshot.Horizon.FurthestCheckpoint}, and the log has only drawn positions up to {snapshot.Horizon.LastDrawn}: the log was restored from an older backup, or its sequence set back."),
                "Restore both from the same backup, or rebuild the projection, before anything is appended.");
        }
    }

    private static IEnumerable<DoctorFinding> Connections(DoctorSnapshot snapshot)
    {
        if (snapshot.Connections is { } connections && connections.Used >= connections.Most * FewConnections)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning,
                "connections-scarce",
                null,
                string.Create(CultureInfo.InvariantCulture, $"The server has {connections.Used} of {connections.Most} connections in use. Without one, workers cannot register, beat or commit."),
                "Make the pools of all processes together smaller than max_connections, or put a pooler in between.");
        }
    }

    private static IEnumerable<DoctorFinding> Workers(SeenReplicaSet replicaSet, SeenWorker[] workers)
    {
        foreach (SeenWorker worker in workers.Where(worker => worker.HeartbeatAge >= s_lateHeartbeat))
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning, "heartbeat-late", replicaSet.Name, $"The last heartbeat of {worker.Name} came {Words(worker.HeartbeatAge!.Value)} ago; by default there is one every 5 s.",
                "Look whether the process stands still (a debugger, a paused container, CPU limits) or cannot reach the database.");
        }

        foreach (SeenWorker worker in workers.Where(worker => worker.IsGone && worker.Registered >= s_settled))
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning, "worker-gone", replicaSet.Name, $"The session of {worker.Name} is gone, and nobody has taken it off the roster.", "It is taken off as soon as any worker of the replica set runs. Start one.");
        }

        if (workers.Any(worker => worker.IsStatic) && workers.Any(worker => !worker.IsStatic))
        {
            yield return new DoctorFinding(
                DoctorSeverity.Error, "partitions-mixed", replicaSet.Name, "Some workers have their partition set by hand (PartitionKey), others share by themselves. Both at once cannot work.", "Stop one kind.");
        }

        if (workers.Select(worker => string.Join('\n', worker.Projections.Order(StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Information, "projections-differ", replicaSet.Name, "Its workers do not have the same projections; those that only some have are shared by these alone.",
                "Right during a rolling deployment. Else deploy the same program everywhere.");
        }
    }

    private static IEnumerable<DoctorFinding> Generations(SeenReplicaSet replicaSet)
    {
        if (replicaSet.RecentGenerations >= ManyGenerations)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning,
                "many-generations",
                replicaSet.Name,
                string.Create(CultureInfo.InvariantCulture, $"{replicaSet.RecentGenerations} generations were formed within ten minutes, and each is a pause. The last reasons: {string.Join("; ", replicaSet.RecentReasons)}."),
                "Look for processes that crash and start again, for sessions that are cut, and for a liveness probe that asks more than /health/live.");
        }

        if (replicaSet.Forming >= s_longRescale)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning, "rescale-stuck", replicaSet.Name, $"A generation has been forming for {Words(replicaSet.Forming.Value)}.",
                "Somebody holds a lock on its checkpoints, or no worker runs to go on with it: the workers' log names the holder (5000).");
        }
    }

    private static IEnumerable<DoctorFinding> Slots(SeenReplicaSet replicaSet, DoctorSnapshot snapshot)
    {
        bool isSettled = replicaSet.Forming is null && !snapshot.Workers.Any(worker => worker.ReplicaSet == replicaSet.Name && worker.Registered < s_settled);
        bool hasWorkers = snapshot.Workers.Any(worker => worker.ReplicaSet == replicaSet.Name && !worker.IsGone);
        foreach (SeenProjection projection in snapshot.Projections.Where(projection => projection.ReplicaSet == replicaSet.Name))
        {
            if (projection.UnownedSlots > 0 && isSettled)
            {
                yield return new DoctorFinding(
                    DoctorSeverity.Error,
                    "slots-without-owner",
                    replicaSet.Name,
                    string.Create(CultureInfo.InvariantCulture, $"{projection.UnownedSlots} of 32768 slots of projection '{projection.Name}' have no owner{(hasWorkers ? "" : ": no worker of the replica set runs")}. Their events wait."),
                    hasWorkers ? "Start the process that has the missing PartitionKey, or deploy a worker that has the projection. When the projection was removed for good, delete its rows of projection_checkpoints." : "Start a worker. The log of one that runs and is not registered says why (1005).");
            }
            else if (projection.UnownedSlots == 0 && projection.SinceMoved >= s_standstill && projection.Position < snapshot.Horizon.FurthestCheckpoint)
            {
                yield return new DoctorFinding(
                    DoctorSeverity.Warning,
                    "projection-stands-still",
                    replicaSet.Name,
                    string.Create(CultureInfo.InvariantCulture, $"Projection '{projection.Name}' stands at position {projection.Position}, and has not moved for {Words(projection.SinceMoved)}. Another is at {snapshot.Horizon.FurthestCheckpoint}."),
                    "Ask the health of the workers that have it (/health/lag), and look for 2004, 2003 and 2005 in their logs: a handler that keeps failing, or does not return.");
            }
        }
    }

    private static IEnumerable<DoctorFinding> Apart(DoctorSnapshot snapshot)
    {
        foreach (IGrouping<string, SeenWorker> both in
            from worker in snapshot.Workers
            from projection in worker.Projections
            group worker by projection into workers
            where workers.Select(worker => worker.ReplicaSet).Distinct(StringComparer.Ordinal).Count() > 1
            select workers)
        {
            yield return new DoctorFinding(
                DoctorSeverity.Warning,
                "workers-apart",
                null,
                $"Projection '{both.Key}' runs in several replica sets ({string.Join(", ", both.Select(worker => $"'{worker.ReplicaSet}'").Distinct(StringComparer.Ordinal))}). Their workers do not share the work: each replica set applies every event.",
                "If they were meant to share, give all of them the same name in AddReplicaSet.");
        }

        foreach (SeenStranger stranger in snapshot.Strangers.Where(stranger => snapshot.ReplicaSets.Any(replicaSet => replicaSet.Name == stranger.ReplicaSet)))
        {
            yield return new DoctorFinding(
                DoctorSeverity.Information,
                "workers-elsewhere",
                stranger.ReplicaSet,
                $"A worker of a replica set of this name is connected to {(stranger.IsHere ? "this database, and works in another schema" : $"the database '{stranger.Database}'")}. It shares nothing with those here.",
                "If they were meant to share, compare connection strings, search path and Orchestrator:PostgreSql:Schema.");
        }
    }

    private static string Words(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s");
}
