using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// A worker's eyes and, when it leads, the replica set's hands: reads the rows when a notification or the clock says so, tells the partition worker what to do, acknowledges what it has done,
/// and runs the transitions. The only user of the control session.
/// </summary>
internal sealed class GenerationWatchLoop(
    IControlSession session,
    WorkerLife life,
    string replicaSet,
    ReplicaSetOptions options,
    ExecutionEnvironment environment,
    ILogger<GenerationWatchLoop> logger) : IWatchLoop
{
    private readonly RosterObserver _observer = new(options, environment);
    private readonly TransitionRunner _transitions = new(session, replicaSet, life.Status, environment.Time, logger);
    private MembershipView? _view;
    private long _acknowledged;
    private long _look;

    /// <inheritdoc/>
    public async Task RunAsync(LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            life.Status.Watch.Turned();
            (MembershipView view, bool leads) = await session.ReadViewAsync(tryToLead: true, life.Ended);
            if (!view.Registered)
            {
                life.End("the others have taken it off the roster");
                return;
            }

            Directive directive = ToDirective(view);
            LogChanges(view, leads);
            life.Status.Place = new WorkerPlace(view.Active?.Id, view.Active?.Partition, view.Active?.TotalPartitions ?? 0, view.Forming?.Id);
            life.Status.Refusal = view is { Active: null, HasStaticOwners: true } ? "it forms no generation while workers with a PartitionKey of their own run" : null;
            directives.Publish(directive);
            await AcknowledgeAsync(view, drained.Value);

            // Decided again at once behind every step that changed something, so that a removal, the generation it causes and its activation follow each other without a pause.
            // Who cannot take part because of partitions set by hand looks itself, whoever leads: so its own log names them.
            if ((leads || view.HasStaticOwners || _observer.IsLeaderStale(view.LeaderId, view.LeaderSequence)) && await _transitions.StepAsync(_observer, life.Ended))
            {
                continue;
            }

            await WaitAsync(view, leads, drained, stop);
        }
    }

    // A generation that takes over row by row lets everybody run on, with whatever rows they have by now: they are read at every look, and once more when it is active.
    private Directive ToDirective(MembershipView view)
    {
        GenerationView? rolling = view.Forming is { Strategy: RebalanceStrategy.Rolling } forming ? forming : null;
        if (rolling is null && view.Forming is not null)
        {
            return new Directive.Drain(view.Forming.Id);
        }

        if (view.Active?.Partition is null && rolling?.Partition is null)
        {
            return new Directive.Idle();
        }

        _look += rolling is not null || view.Active?.Id != _view?.Active?.Id ? 1 : 0;
        return new Directive.Run((rolling ?? view.Active!).Id, _look);
    }

    private async Task AcknowledgeAsync(MembershipView view, long drainedFor)
    {
        if (view.Forming is { } forming && drainedFor == forming.Id && _acknowledged != forming.Id)
        {
            await session.AcknowledgeAsync(forming.Id, life.Ended);
            _acknowledged = forming.Id;
        }
    }

    private async Task WaitAsync(MembershipView view, bool leads, LatestValue<long> drained, CancellationToken stop)
    {
        long movedAt = life.Log.MovedAt;
        bool isQuiet = IsSettled(view) && WatchPause.IsQuiet(life.Log.StillSince(movedAt), options);
        TimeSpan pause = isQuiet ? WatchPause.WhileQuiet(options, environment.Random)
            : leads ? options.CoordinationInterval
            : WatchPause.OfFollower(view.Active?.TotalPartitions ?? 1, options, environment.Random);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, life.Ended);
        Task waked = isQuiet ? life.Log.WakeAsync(movedAt, wake) : WakeWhenDrainedAsync(view, drained, wake);
        try
        {
            life.Status.Watch.Turned(pause);
            await session.WaitAsync(pause, wake.Token);
        }
        catch (OperationCanceledException) when (wake.IsCancellationRequested)
        {
            // Stopped, ended, or drained: the loop looks which.
        }
        finally
        {
            wake.Cancel();
            await waked;
        }
    }

    // Who stands by reads nothing, and cannot tell a quiet log from a busy one.
    private bool IsSettled(MembershipView view) => view is { Forming: null, Active.Partition: not null, HasStaticOwners: false } && _transitions.IsSettled;

    private async Task WakeWhenDrainedAsync(MembershipView view, LatestValue<long> drained, CancellationTokenSource wake)
    {
        if (view.Forming is not { Strategy: RebalanceStrategy.Recreate } forming || _acknowledged == forming.Id)
        {
            return;
        }

        long known = drained.Value;
        while (known != forming.Id && !wake.IsCancellationRequested)
        {
            known = await drained.WaitForOtherAsync(known, wake.Token);
        }

        wake.Cancel();
    }

    private void LogChanges(MembershipView view, bool leads)
    {
        if (leads && !life.Status.Leads)
        {
            logger.LeaderElected(replicaSet, life.WorkerId);
        }

        if (view is { Forming: { Strategy: RebalanceStrategy.Recreate } forming, Active: not null } && forming.Id != _view?.Forming?.Id)
        {
            logger.Reconfiguring(replicaSet, forming.Id, forming.TotalPartitions);
        }

        if (view.Active is { Partition: { } partition } active && active.Id != _view?.Active?.Id)
        {
            logger.PartitionAssigned(replicaSet, partition, active.TotalPartitions, active.Id);
            life.Status.Metrics.PartitionAssigned();
        }

        if (options.MaxWorkers is { } most && view.Active is { Partition: null } full && full.TotalPartitions >= most && full.Id != _view?.Active?.Id)
        {
            logger.StandingBy(replicaSet, life.WorkerId, full.Id, full.TotalPartitions);
        }

        life.Status.Leads = leads;
        _view = view;
    }
}
