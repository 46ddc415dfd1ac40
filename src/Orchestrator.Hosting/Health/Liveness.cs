using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>
/// Whether a restart of the process would help: do the loops turn? Neither a database that is away nor a handler that takes its time is a reason to restart; the loops turn on, and readiness tells.
/// </summary>
internal static class Liveness
{
    /// <summary>Looks at one replica set.</summary>
    /// <param name="replicaSet">What its loops say.</param>
    /// <param name="loopTimeout">How long a loop may be overdue.</param>
    /// <returns>What is wrong; nothing: all is well.</returns>
    public static IEnumerable<Finding> Judge(ReplicaSetStatus replicaSet, TimeSpan loopTimeout)
    {
        if (replicaSet.Bug is { } bug)
        {
            yield return new Finding(HealthStatus.Unhealthy, $"replica set '{replicaSet.Name}' has ended by an error ({bug})");
        }

        if (replicaSet.Worker is not { } worker)
        {
            yield break;
        }

        IEnumerable<(string Loop, LoopPulse Pulse)> loops =
        [
            ("heartbeat loop", worker.Heartbeat),
            ("generation watch loop", worker.Watch),
            ("partition worker loop", worker.Work),
            .. worker.Projections.Where(projection => projection.InHandler is null).Select(projection => ($"loop of projection '{projection.Name}'", projection.Pulse)),
        ];
        foreach ((string loop, LoopPulse pulse) in loops)
        {
            TimeSpan overdue = pulse.Overdue;
            if (overdue > loopTimeout)
            {
                yield return new Finding(HealthStatus.Unhealthy, $"the {loop} of replica set '{replicaSet.Name}' hangs: it is overdue by {Words.Of(overdue)}");
            }
        }
    }
}
