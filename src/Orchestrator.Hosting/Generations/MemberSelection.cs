using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>Chooses which workers take part in a generation, and in which order. Pure.</summary>
internal static class MemberSelection
{
    /// <summary>Selects.</summary>
    /// <param name="candidates">The living workers that are coordinated, in the order of registration.</param>
    /// <param name="before">The members of the active generation.</param>
    /// <param name="maxWorkers">The most members, or null: no limit. Who is left over stands by.</param>
    /// <returns>The members; index is partition. Who stays keeps its place, so that a distribution changes no more than it must; newcomers follow in the order of their registration.</returns>
    public static ImmutableArray<Guid> Of(IEnumerable<Candidate> candidates, ImmutableArray<Guid> before, int? maxWorkers)
    {
        Candidate[] ordered = [.. candidates.OrderBy(candidate => before.IndexOf(candidate.Id) is >= 0 and var place ? place : int.MaxValue)];
        if (maxWorkers is not { } limit || ordered.Length <= limit)
        {
            return [.. ordered.Select(candidate => candidate.Id)];
        }

        // First who has a projection that nobody chosen has: with lists that differ, a projection must not wait for an owner while a worker that has it stands by.
        var covered = new HashSet<string>(StringComparer.Ordinal);
        Candidate[] needed = [.. ordered.Where(candidate => AddsTo(covered, candidate)).Take(limit)];
        HashSet<Guid> chosen = [.. needed.Concat(ordered.Except(needed)).Take(limit).Select(candidate => candidate.Id)];
        return [.. ordered.Select(candidate => candidate.Id).Where(chosen.Contains)];
    }

    private static bool AddsTo(HashSet<string> covered, Candidate candidate)
    {
        int before = covered.Count;
        covered.UnionWith(candidate.Projections);
        return covered.Count > before;
    }
}

/// <summary>A worker that could take part.</summary>
/// <param name="Id">The worker.</param>
/// <param name="Projections">The projections that it has.</param>
internal sealed record Candidate(Guid Id, ImmutableArray<string> Projections)
{
    /// <summary>Those of some workers whose partition is not set by hand.</summary>
    public static IEnumerable<Candidate> Of(IEnumerable<WorkerSnapshot> workers) =>
        workers.Where(worker => !worker.IsStatic).Select(worker => new Candidate(worker.Id, worker.Projections));
}
