using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Generations;

/// <summary>
/// Watches the leader as the leader watches everybody else. When its heartbeat stands still for the stale time-out, or nobody claims to lead, the watcher runs the transitions itself:
/// the leader's lock only spares work, it carries no authority. One owner, the watch loop.
/// </summary>
internal sealed class LeaderWatch(TimeSpan staleWorkerTimeout, ExecutionEnvironment environment)
{
    private (Guid? Leader, long Sequence) _seen;
    private long? _since;

    /// <summary>Whether the leader has shown no life for too long.</summary>
    public bool IsStale(MembershipView view)
    {
        (Guid? LeaderId, long LeaderSequence) shown = (view.LeaderId, view.LeaderSequence);
        if (_since is not { } since || shown != _seen)
        {
            _seen = shown;
            _since = environment.Time.GetTimestamp();
            return false;
        }

        return environment.Time.GetElapsedTime(since) >= staleWorkerTimeout;
    }
}
