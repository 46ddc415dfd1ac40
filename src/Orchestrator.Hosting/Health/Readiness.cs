using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>Whether this process does its part: registered, in a generation or standing by for one, heartbeat confirmed. Degraded when it does, but a projection does not move.</summary>
internal static class Readiness
{
    /// <summary>Looks at one replica set.</summary>
    /// <param name="replicaSet">What its loops say.</param>
    /// <param name="handlerTimeout">How long a handler may work on one batch.</param>
    /// <returns>What is wrong; nothing: all is well.</returns>
    public static IEnumerable<Finding> Judge(ReplicaSetStatus replicaSet, TimeSpan handlerTimeout) => replicaSet switch
    {
        { Disabled: true } => [],
        { Started: false } => [Unready($"replica set '{replicaSet.Name}' has not started")],
        { Bug: { } bug } => [Unready($"replica set '{replicaSet.Name}' has ended by an error ({bug})")],
        { Worker: { } worker } => [.. OfWorker(replicaSet.Name, worker), .. worker.Projections.SelectMany(projection => OfProjection(replicaSet.Name, projection, handlerTimeout))],
        { RegistrationFailure: { } failure } => [Unready($"replica set '{replicaSet.Name}' cannot register its worker ({failure}); it tries again, and the log says more")],
        _ => [Unready($"replica set '{replicaSet.Name}' has no registered worker")],
    };

    private static IEnumerable<Finding> OfWorker(string replicaSet, WorkerStatus worker)
    {
        if (!worker.HeartbeatIsFresh)
        {
            yield return Unready($"no heartbeat of replica set '{replicaSet}' was confirmed for {Words.Of(worker.SinceConfirmed)}: the database does not answer");
        }

        if (worker.Place is not { GenerationId: not null })
        {
            yield return Unready(worker.Refusal is { } refusal ? $"replica set '{replicaSet}' gives this worker no part: {refusal.TrimEnd('.')}" : $"replica set '{replicaSet}' waits for its first generation");
        }
    }

    private static IEnumerable<Finding> OfProjection(string replicaSet, ProjectionStatus projection, TimeSpan handlerTimeout)
    {
        foreach (RowStatus row in projection.Rows.Where(row => row.State == RowState.Stopped))
        {
            yield return new Finding(
                HealthStatus.Degraded,
                $"projection '{projection.Name}' of replica set '{replicaSet}' has stopped for slots {row.Slots} behind position {row.Position}: its handler kept failing ({row.Cause}; attempts: {row.Failures})");
        }

        if (projection.InHandler is { } lasting && lasting > handlerTimeout)
        {
            yield return new Finding(
                HealthStatus.Degraded, $"the handler of projection '{projection.Name}' of replica set '{replicaSet}' has been at work on one batch for {Words.Of(lasting)}");
        }
    }

    private static Finding Unready(string cause) => new(HealthStatus.Unhealthy, cause);
}
