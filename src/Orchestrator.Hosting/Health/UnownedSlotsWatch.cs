using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Health;

/// <summary>
/// Watches for slots that nobody owns: what no worker can tell of itself, so each look asks the database, in one statement. Between two owners there is a moment without any, which is no finding: it must have
/// been seen for a while.
/// </summary>
internal sealed class UnownedSlotsWatch(ISlotOwners owners, TimeProvider time)
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Dictionary<(string ReplicaSet, string Projection), long> _seenAt = [];

    /// <summary>Looks.</summary>
    /// <param name="replicaSets">Those of this process; the others' are somebody else's to watch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<LagReading>> LookAsync(IEnumerable<ReplicaSetStatus> replicaSets, CancellationToken cancellationToken)
    {
        // Before its first generation a replica set owns nothing, and readiness says so.
        HashSet<string> names = [.. replicaSets.Where(replicaSet => replicaSet.Worker?.Place?.GenerationId is not null).Select(replicaSet => replicaSet.Name)];
        if (names.Count == 0)
        {
            return [];
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return Note([.. (await owners.ReadUnownedAsync(either.Token)).Where(unowned => names.Contains(unowned.ReplicaSet))]);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [new LagReading("owners", s_patience, $"the database does not say who owns which slots ({RowStatus.CauseOf(exception)})") { IsStuck = true }];
        }
    }

    private List<LagReading> Note(ImmutableArray<UnownedSlots> unowned)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            _seenAt = unowned.ToDictionary(slots => (slots.ReplicaSet, slots.Projection), slots => _seenAt.GetValueOrDefault((slots.ReplicaSet, slots.Projection), now));
            return [.. unowned.Select(slots => Reading(slots, time.GetElapsedTime(_seenAt[(slots.ReplicaSet, slots.Projection)], now))).Where(reading => reading.Behind >= s_moment)];
        }
    }

    private static LagReading Reading(UnownedSlots slots, TimeSpan seenFor) => new(
        $"{slots.ReplicaSet}/{slots.Projection}/owners",
        seenFor,
        $"{slots.Slots} of 32768 slots of projection '{slots.Projection}' of replica set '{slots.ReplicaSet}' have had no owner for {Words.Of(seenFor)}: no worker that runs has the projection, or the partition that is set by hand")
    {
        IsStuck = true,
        Projection = (slots.ReplicaSet, slots.Projection),
    };
}
