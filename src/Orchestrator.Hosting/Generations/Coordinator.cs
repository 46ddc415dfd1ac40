using System.Collections.Immutable;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Generations;

/// <summary>
/// Decides how a replica set goes on. Pure: no clock, no task, no new ids, so that the same function runs in tests, in the simulation and in production. Whoever calls it needs no authority:
/// every transition is checked again under the replica set's lock, so two deciders at once do no harm.
/// </summary>
internal static class Coordinator
{
    /// <summary>Decides the next step: remove who is gone, form a generation of who is there, and bring it into effect in the way of its strategy.</summary>
    /// <param name="snapshot">What is.</param>
    /// <returns>The one next step; decide again behind it.</returns>
    public static Decision Decide(ReplicaSetSnapshot snapshot)
    {
        ImmutableArray<WorkerRemoval> removals =
            [.. snapshot.Workers.Where(worker => worker.Removal is not null).Select(worker => new WorkerRemoval(worker.Id, worker.Removal!.Value, worker.HeartbeatSequence))];
        if (removals.Length > 0)
        {
            return new Decision.Remove(removals);
        }

        if (!snapshot.Candidates.Any())
        {
            return new Decision.Wait();
        }

        if (snapshot.StaticOwners.Any())
        {
            return new Decision.Blocked([.. snapshot.StaticOwners.Select(worker => worker.Id)]);
        }

        return snapshot.Forming is { } forming ? Finish(snapshot, forming) : Begin(snapshot);
    }

    private static Decision Finish(ReplicaSetSnapshot snapshot, Generation forming)
    {
        HashSet<Guid> live = [.. snapshot.Workers.Select(worker => worker.Id)];
        int gone = forming.Members.Count(member => !live.Contains(member));
        if (gone > 0)
        {
            return Form(snapshot, $"{Workers(gone)} left while a generation formed");
        }

        // Joiners that came later are taken in by the next generation: a stream of them must not keep this one from becoming active.
        HashSet<Guid> concerned = [.. forming.Members, .. snapshot.Active?.Members ?? []];
        ImmutableArray<Guid> waitedFor = [.. from worker in snapshot.Workers where concerned.Contains(worker.Id) && worker.AcknowledgedGeneration < forming.Id select worker.Id];
        if (forming.Strategy == RebalanceStrategy.Rolling)
        {
            // Nobody drains. Whoever has held a row for so long that it could not change hands is no longer waited for.
            return new Decision.Activate(new ActivateGeneration(forming.Id, snapshot.FormingTimedOut ? waitedFor : []));
        }

        return waitedFor.IsEmpty || snapshot.FormingTimedOut
            ? new Decision.Activate(new ActivateGeneration(forming.Id, waitedFor))
            : new Decision.Wait();
    }

    private static Decision Begin(ReplicaSetSnapshot snapshot)
    {
        HashSet<Guid> live = [.. snapshot.Workers.Select(worker => worker.Id)];
        ImmutableArray<Guid> members = snapshot.Active?.Members ?? [];
        ImmutableArray<Guid> wanted = Select(snapshot);
        int gone = members.Count(member => !live.Contains(member));
        int joined = wanted.Except(members).Count();
        int surplus = members.Count(member => live.Contains(member) && !wanted.Contains(member));
        if (gone + surplus == 0 && (joined == 0 || !snapshot.JoinsSettled))
        {
            return new Decision.Wait();
        }

        IEnumerable<(int Count, string What)> causes = [(gone, "left"), (surplus, "now on standby"), (joined, "joined")];
        return Form(snapshot, string.Join(" and ", causes.Where(cause => cause.Count > 0).Select(cause => $"{Workers(cause.Count)} {cause.What}")));
    }

    private static Decision Form(ReplicaSetSnapshot snapshot, string reason)
    {
        if (snapshot.BackingOff)
        {
            return new Decision.Wait();
        }

        return new Decision.Form(new FormGeneration(snapshot.Active?.Id, snapshot.Forming?.Id, Select(snapshot), reason) { Strategy = snapshot.Strategy });
    }

    private static ImmutableArray<Guid> Select(ReplicaSetSnapshot snapshot) => MemberSelection.Of(snapshot.Candidates, snapshot.Active?.Members ?? [], snapshot.MaxWorkers);

    private static string Workers(int count) => count == 1 ? "1 worker" : $"{count} workers";
}
