using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// The eyes of a worker whose partition is set by hand. It takes the partition once nobody is in the way, and keeps it for as long as it is on the roster: no generations, no acknowledgements, and
/// no pause when another worker comes or goes. Who leads takes workers that are gone off the roster, as does whoever still waits for its partition.
/// </summary>
internal sealed class StaticWatchLoop(
    IControlSession session,
    WorkerLife life,
    string replicaSet,
    ReplicaSetOptions options,
    ExecutionEnvironment environment,
    ILogger<StaticWatchLoop> logger) : IWatchLoop
{
    private readonly StaticPartition _partition = StaticPartition.Of(options) ?? throw new ArgumentException("The options set no partition.", nameof(options));
    private readonly RosterObserver _observer = new(options, environment);
    private readonly TransitionRunner _transitions = new(session, replicaSet, life.Status, environment.Time, logger);
    private readonly RepeatFilter _said = new(environment.Time);
    private bool _taken;

    /// <inheritdoc/>
    public async Task RunAsync(LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            life.Status.Watch.Turned();
            (MembershipView view, bool leads) = await session.ReadViewAsync(tryToLead: _taken, life.Ended);
            if (!view.Registered)
            {
                life.End("the others have taken it off the roster");
                return;
            }

            life.Status.Leads = leads;
            if ((leads || !_taken || _observer.IsLeaderStale(view.LeaderId, view.LeaderSequence)) && await _transitions.RemoveGoneAsync(_observer, life.Ended))
            {
                continue;
            }

            if (!_taken)
            {
                await TakeAsync(directives);
            }

            await WaitAsync(leads, stop);
        }
    }

    private async Task TakeAsync(LatestValue<Directive> directives)
    {
        switch (await session.TakePartitionAsync(_partition, life.Ended))
        {
            case PartitionTake.Taken taken:
                _taken = true;
                life.Status.Refusal = null;
                life.Status.Place = new WorkerPlace(taken.GenerationId, _partition.Key, _partition.Total, FormingId: null);
                logger.PartitionAssigned(replicaSet, _partition.Key, _partition.Total, taken.GenerationId);
                life.Status.Metrics.PartitionAssigned();
                foreach (string projection in taken.Missing)
                {
                    logger.ProjectionNotInPartition(replicaSet, projection, _partition.Key, _partition.Total);
                }

                directives.Publish(new Directive.Run(taken.GenerationId));
                break;
            case null:
                life.Status.Refusal = "a lock on its checkpoints has not come yet; the log names who holds it";
                break;
            case PartitionTake.Refused refused:
                life.Status.Refusal = refused.Cause;
                if (_said.IsNews(refused.Cause))
                {
                    logger.PartitionRefused(replicaSet, life.WorkerId, _partition.Key, _partition.Total, refused.Cause);
                }

                break;
        }
    }

    private async Task WaitAsync(bool leads, CancellationToken stop)
    {
        // Who waits for its partition looks as often as a leader: the death of who has it is not notified.
        long movedAt = life.Log.MovedAt;
        bool isQuiet = _taken && _transitions.IsSettled && WatchPause.IsQuiet(life.Log.StillSince(movedAt), options);
        TimeSpan pause = isQuiet ? WatchPause.WhileQuiet(options, environment.Random) : leads || !_taken ? options.CoordinationInterval : WatchPause.OfFollower(_partition.Total, options, environment.Random);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, life.Ended);
        Task waked = isQuiet ? life.Log.WakeAsync(movedAt, wake) : Task.CompletedTask;
        try
        {
            life.Status.Watch.Turned(pause);
            await session.WaitAsync(pause, wake.Token);
        }
        catch (OperationCanceledException) when (wake.IsCancellationRequested)
        {
            // Stopped, ended, or the log moves: the loop looks which.
        }
        finally
        {
            wake.Cancel();
            await waked;
        }
    }
}
