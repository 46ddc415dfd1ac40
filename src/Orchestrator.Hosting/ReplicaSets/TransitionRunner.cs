using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Reads the roster, has the coordinator decide, and applies the decision. The way a decision goes; there is no other.</summary>
internal sealed class TransitionRunner(IControlSession session, string replicaSet, WorkerStatus status, TimeProvider time, ILogger logger)
{
    private readonly RepeatFilter _blocked = new(time);
    private long _postponed;
    private (long GenerationId, long At) _formed;

    /// <summary>Whether at the last look there was nothing to do, and nothing to wait for.</summary>
    public bool IsSettled { get; private set; } = true;

    /// <summary>Takes one step.</summary>
    /// <param name="observer">What has been seen of the roster so far.</param>
    /// <param name="cancellationToken">Gives up; a transition whose outcome is unknown by that is simply decided again by whoever comes next.</param>
    /// <returns>Whether something changed: then there may be more to do at once.</returns>
    public async Task<bool> StepAsync(RosterObserver observer, CancellationToken cancellationToken)
    {
        (Roster roster, Decision decision) = await DecideAsync(observer, cancellationToken);
        return decision switch
        {
            Decision.Remove remove => await RemoveAsync(remove, cancellationToken),
            Decision.Form form => await FormAsync(form.Transition, observer, cancellationToken),
            Decision.Activate activate => await ActivateAsync(activate.Transition, roster, cancellationToken),
            Decision.Blocked blocked => Report(blocked),
            _ => false,
        };
    }

    /// <summary>Takes workers that are gone off the roster, and nothing else: for a worker that takes no part in generations.</summary>
    /// <param name="observer">What has been seen of the roster so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether anybody was.</returns>
    public async Task<bool> RemoveGoneAsync(RosterObserver observer, CancellationToken cancellationToken)
    {
        (_, Decision decision) = await DecideAsync(observer, cancellationToken);
        return decision is Decision.Remove remove && await RemoveAsync(remove, cancellationToken);
    }

    private async Task<(Roster Roster, Decision Decision)> DecideAsync(RosterObserver observer, CancellationToken cancellationToken)
    {
        Roster roster = await session.ReadRosterAsync(cancellationToken);
        status.RosterSize = roster.Workers.Length;
        Decision decision = Coordinator.Decide(observer.Observe(roster));
        IsSettled = decision is Decision.Wait && roster.Forming is null && !observer.HasNewcomers;
        return (roster, decision);
    }

    // Not at every look.
    private bool Report(Decision.Blocked blocked)
    {
        string workers = string.Join(", ", blocked.StaticWorkers);
        if (_blocked.IsNews(workers))
        {
            logger.BlockedByStaticPartitions(replicaSet, workers);
        }

        return false;
    }

    private async Task<bool> RemoveAsync(Decision.Remove remove, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> removed = await session.RemoveAsync(remove.Removals, cancellationToken);
        foreach (WorkerRemoval removal in remove.Removals.Where(removal => removed.Contains(removal.WorkerId)))
        {
            logger.WorkerGone(replicaSet, removal.WorkerId, removal.Reason);
            status.Metrics.WorkerCleaned(removal.Reason);
        }

        return removed.Count > 0;
    }

    private async Task<bool> FormAsync(FormGeneration transition, RosterObserver observer, CancellationToken cancellationToken)
    {
        using Activity? activity = Tracing.Step("form generation", replicaSet, status.WorkerId);
        long? formed = await activity.OfAsync(session.FormAsync(transition, cancellationToken));
        if (formed is { } id)
        {
            activity?.SetTag("orchestrator.generation_id", id).SetTag("orchestrator.partitions", transition.Members.Length);
            observer.Formed();
            _formed = (id, status.Metrics.GenerationFormed());
            logger.GenerationForming(replicaSet, id, transition.Members.Length, transition.Reason);
        }

        return formed is not null;
    }

    private async Task<bool> ActivateAsync(ActivateGeneration transition, Roster roster, CancellationToken cancellationToken)
    {
        using Activity? activity = Tracing.Step("activate generation", replicaSet, status.WorkerId, transition.GenerationId);
        if (await activity.OfAsync(session.ActivateAsync(transition, cancellationToken)) is not { } activation)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", "postponed");
            // Once said, the provider's own message names who holds the lock at every try.
            logger.ActivationPostponed(_postponed == transition.GenerationId ? LogLevel.Debug : LogLevel.Warning, replicaSet, transition.GenerationId);
            _postponed = transition.GenerationId;
            return false;
        }

        if (activation.Moved is { } moved)
        {
            logger.RowsMoved(replicaSet, moved, transition.GenerationId);
            return true;
        }

        logger.GenerationActive(replicaSet, transition.GenerationId, transition.Excused.Length);
        status.Metrics.GenerationActivated(_formed.GenerationId == transition.GenerationId ? _formed.At : 0);
        ReportProjections(activation, [.. roster.Workers.Where(worker => roster.Forming!.Members.Contains(worker.Id))]);
        return true;
    }

    // Right during a rolling deployment; at any other time, processes were deployed with different lists by mistake.
    private void ReportProjections(Activation activation, ImmutableArray<RosterWorker> members)
    {
        foreach (IGrouping<string, RosterWorker> projection in members.SelectMany(member => member.Projections.Select(projection => (projection, member))).GroupBy(pair => pair.projection, pair => pair.member))
        {
            int having = projection.Count();
            if (having < members.Length)
            {
                logger.ProjectionNotEverywhere(replicaSet, projection.Key, having, members.Length);
            }
        }

        foreach (string projection in activation.Unowned)
        {
            logger.ProjectionUnowned(replicaSet, projection);
        }
    }
}
