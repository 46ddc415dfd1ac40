using System.Globalization;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Hosting.Health;

/// <summary>How late the projections of this process are, each with its cause. Pure but for the clock: reads what the loops say of themselves.</summary>
internal static class Lag
{
    /// <summary>Looks at the log: who holds it back.</summary>
    public static LagReading Of(LogStatus log, TimeProvider time)
    {
        if (log.HeldSince is not { } since)
        {
            return new LagReading("log", TimeSpan.Zero, null) { Well = "nobody holds it back" };
        }

        TimeSpan held = time.GetElapsedTime(since);
        string holder = log.Holder is not { } known ? "" : $": {HorizonWords.NameOf(known)}{(known.Since is { } begun ? string.Create(CultureInfo.InvariantCulture, $", since {begun.ToUniversalTime():HH:mm:ss} UTC") : "")}";
        return new LagReading("log", held, $"an open append holds back what comes behind it for {Words.Of(held)}{holder}");
    }

    /// <summary>Looks at one replica set.</summary>
    public static IEnumerable<LagReading> Of(ReplicaSetStatus replicaSet, LogStatus log, TimeProvider time)
    {
        string name = replicaSet.Name;
        return replicaSet switch
        {
            { Disabled: true } => [new LagReading(name, TimeSpan.Zero, null) { Well = "disabled" }],
            { Bug: { } bug } => [new LagReading(name, replicaSet.WithoutWorker, $"replica set '{name}' has ended by an error ({bug})") { IsStuck = true }],
            { Worker: null } => [new LagReading(name, replicaSet.WithoutWorker, $"replica set '{name}' has had no registered worker here for {Words.Of(replicaSet.WithoutWorker)}{Because(replicaSet.RegistrationFailure)}")],
            { Worker.HeartbeatIsFresh: false } => [new LagReading(name, replicaSet.Worker.SinceConfirmed, $"the database has not answered replica set '{name}' for {Words.Of(replicaSet.Worker.SinceConfirmed)}")],
            { Worker.Place: { GenerationId: not null, Partition: null } } => [new LagReading(name, TimeSpan.Zero, null) { Well = "standing by" }],
            _ => replicaSet.Worker.Projections.GroupBy(projection => projection.Name, StringComparer.Ordinal).Select(lanes => Of(name, [.. lanes], log, time)),
        };
    }

    private static string Because(string? failure) => failure is null ? "" : $" ({failure}); it tries again, and the log says more";

    private static LagReading Of(string replicaSet, ProjectionStatus[] lanes, LogStatus log, TimeProvider time)
    {
        string key = $"{replicaSet}/{lanes[0].Name}";
        LagReading[] late = [.. lanes.SelectMany(lane => lane.Rows.Select(row => Of(key, replicaSet, lane, row, log, time))).Where(reading => reading.Cause is not null)];
        return late.Length == 0 ? new LagReading(key, TimeSpan.Zero, null) { Well = log.HeldSince is null ? "up to date" : "up to where the log is held back" } : late.MaxBy(reading => (reading.IsStuck, reading.Behind))!;
    }

    // By the database's clock and this machine's, which may differ; and, where nothing moves, by this machine's alone.
    private static LagReading Of(string key, string replicaSet, ProjectionStatus lane, RowStatus row, LogStatus log, TimeProvider time)
    {
        bool isStuck = row.State == RowState.Stopped;
        if (row.PendingSince is not { } pending && !isStuck)
        {
            return new LagReading(key, TimeSpan.Zero, null);
        }

        TimeSpan age = row.PendingSince is null ? TimeSpan.Zero : time.GetUtcNow() - row.PendingSince.Value;
        TimeSpan behind = age > lane.StandsStill ? age : lane.StandsStill;
        return new LagReading(key, behind, $"projection '{lane.Name}' of replica set '{replicaSet}' is {Words.Of(behind)} behind: {CauseOf(lane, row, log)}") { IsStuck = isStuck, Projection = (replicaSet, lane.Name) };
    }

    private static string CauseOf(ProjectionStatus lane, RowStatus row, LogStatus log) => row.State switch
    {
        RowState.Stopped => string.Create(CultureInfo.InvariantCulture, $"it has stopped for slots {row.Slots} behind position {row.Position}, because its handler kept failing ({row.Cause}; attempts: {row.Failures})"),
        RowState.Retrying => string.Create(CultureInfo.InvariantCulture, $"what follows position {row.Position} failed and is tried again ({row.Cause}; failures: {row.Failures})"),
        _ when lane.InHandler is { } lasting && lasting >= lane.StandsStill / 2 && lasting > TimeSpan.FromSeconds(1) => $"its handler has been at work on one batch for {Words.Of(lasting)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"it catches up; positions to the end of the log: {Math.Max(0, log.End - row.Position)}"),
    };
}
