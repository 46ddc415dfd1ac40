using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.Generations;

/// <summary>
/// Watches a replica set's rows over time and says what that means: whose heartbeat stands still, whether newcomers have settled, what has waited too long.
/// Uses this process's monotonic clock alone, never a wall clock: it measures how long *it* has seen no change. One owner, the watch loop; a new session gets a new observer.
/// </summary>
internal sealed class RosterObserver(ReplicaSetOptions options, ExecutionEnvironment environment)
{
    private readonly Dictionary<Guid, (long Sequence, long Since)> _heartbeats = [];
    private long? _leaderlessSince;
    private readonly Backoff _formBackoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), 0.2);
    private HashSet<Guid> _waiting = [];
    private long _firstJoin;
    private long _lastJoin;
    private (long? Id, long Since) _forming;
    private int _formedInVain;
    private long _mayFormAt;

    /// <summary>
    /// Watches the leader as the leader watches everybody else. When its heartbeat stands still for the stale time-out, or nobody has claimed to lead for that long, the watcher runs the
    /// transitions itself: the leader's lock only spares work, it carries no authority. What was seen of its heartbeat counts in its removal too, so that a frozen leader is replaced
    /// as soon as anybody else.
    /// </summary>
    /// <param name="leaderId">Who said last that it leads, if it is still registered.</param>
    /// <param name="sequence">Its heartbeat.</param>
    public bool IsLeaderStale(Guid? leaderId, long sequence)
    {
        long now = environment.Time.GetTimestamp();
        if (leaderId is { } leader)
        {
            _leaderlessSince = null;
            return UnmovedFor(leader, sequence, now) >= options.StaleWorkerTimeout;
        }

        _leaderlessSince ??= now;
        return Elapsed(_leaderlessSince.Value, now) >= options.StaleWorkerTimeout;
    }

    /// <summary>Whether somebody who has joined waits to be taken in.</summary>
    public bool HasNewcomers => _waiting.Count > 0;

    /// <summary>Turns rows into a snapshot.</summary>
    public ReplicaSetSnapshot Observe(Roster roster)
    {
        long now = environment.Time.GetTimestamp();
        ObserveForming(roster, now);
        ImmutableArray<WorkerSnapshot> workers = ObserveWorkers(roster, now);
        return new ReplicaSetSnapshot(
            roster.Active,
            roster.Forming,
            workers,
            ObserveJoins(roster.Active?.Members ?? [], Candidate.Of(workers), now),
            FormingTimedOut: _forming.Id is not null && Elapsed(_forming.Since, now) >= options.CoordinationTimeout,
            BackingOff: _formedInVain > 0 && now < _mayFormAt,
            options.MaxWorkers)
        {
            Strategy = options.Strategy,
        };
    }

    /// <summary>A generation has been formed by this observer's decision. Forming again and again without an activation slows down.</summary>
    public void Formed()
    {
        _formedInVain++;
        TimeSpan pause = _formedInVain == 1 ? TimeSpan.Zero : _formBackoff.Delay(_formedInVain - 1, environment.Random);
        _mayFormAt = environment.Time.GetTimestampAfter(pause);
    }

    private void ObserveForming(Roster roster, long now)
    {
        if (roster.Forming?.Id != _forming.Id)
        {
            _forming = (roster.Forming?.Id, now);
        }

        if (roster.Forming is null)
        {
            _formedInVain = 0;
        }
    }

    private ImmutableArray<WorkerSnapshot> ObserveWorkers(Roster roster, long now)
    {
        HashSet<Guid> present = [.. roster.Workers.Select(worker => worker.Id)];
        foreach (Guid gone in _heartbeats.Keys.Where(id => !present.Contains(id)).ToArray())
        {
            _heartbeats.Remove(gone);
        }

        return [.. roster.Workers.Select(worker => new WorkerSnapshot(worker.Id, worker.AcknowledgedGeneration, worker.HeartbeatSequence, Judge(worker, now))
        {
            Projections = worker.Projections,
            IsStatic = worker.IsStatic,
        })];
    }

    private RemovalReason? Judge(RosterWorker worker, long now)
    {
        if (!worker.SessionHeld)
        {
            return RemovalReason.Dead;
        }

        return UnmovedFor(worker.Id, worker.HeartbeatSequence, now) >= options.StaleWorkerTimeout ? RemovalReason.Stale : null;
    }

    // A change of the sequence, in either direction, is life: after a server's crash it may step back.
    private TimeSpan UnmovedFor(Guid worker, long sequence, long now)
    {
        if (!_heartbeats.TryGetValue(worker, out (long Sequence, long Since) seen) || seen.Sequence != sequence)
        {
            _heartbeats[worker] = seen = (sequence, now);
        }

        return Elapsed(seen.Since, now);
    }

    private bool ObserveJoins(ImmutableArray<Guid> members, IEnumerable<Candidate> candidates, long now)
    {
        // Who stands by joins nothing, and must not keep those who do from settling.
        HashSet<Guid> waiting = [.. MemberSelection.Of(candidates, members, options.MaxWorkers).Except(members)];
        if (waiting.Count == 0)
        {
            _waiting = waiting;
            return false;
        }

        if (_waiting.Count == 0)
        {
            _firstJoin = now;
        }

        if (!waiting.IsSubsetOf(_waiting))
        {
            _lastJoin = now;
        }

        _waiting = waiting;
        return Elapsed(_lastJoin, now) >= options.JoinQuietTime || Elapsed(_firstJoin, now) >= options.RegistrationWaitTime;
    }

    private TimeSpan Elapsed(long since, long now) => environment.Time.GetElapsedTime(since, now);
}
