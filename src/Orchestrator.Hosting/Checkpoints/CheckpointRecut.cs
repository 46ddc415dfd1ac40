using System.Collections.Immutable;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// Cuts checkpoints at a new generation's borders. Pure. Every slot keeps its position: a row that straddles a border is split into rows at the same position, and neighbours at the
/// same position that come to one owner become one row.
/// </summary>
internal static class CheckpointRecut
{
    /// <summary>Computes the rows of a new generation.</summary>
    /// <param name="rows">All rows of the replica set, locked by the caller.</param>
    /// <param name="members">The generation's members; a projection's slots are divided among those that have it.</param>
    /// <param name="generationId">The stamp.</param>
    /// <returns>The rows that are to be, in the order of their keys. A projection that no member has keeps its rows, without an owner.</returns>
    /// <exception cref="InvalidOperationException">The rows of a projection do not cover every slot exactly once: somebody else has written the table.</exception>
    public static ImmutableArray<Checkpoint> Cut(IReadOnlyList<Checkpoint> rows, IReadOnlyList<MemberProjections> members, long generationId)
    {
        return
        [
            .. ByProjection(rows, members.SelectMany(member => member.Projections))
                .SelectMany(projection => CutProjection(projection, [.. members.Where(member => member.Projections.Contains(projection[0].Projection, StringComparer.Ordinal))], generationId)),
        ];
    }

    /// <summary>Computes the rows behind the taking of a partition that is set by hand: the worker gets its share, and nobody what was not of a worker that stays.</summary>
    /// <param name="rows">All rows of the replica set; those that do not belong to a worker that stays, locked by the caller.</param>
    /// <param name="taker">The worker that takes.</param>
    /// <param name="share">The partition's slots.</param>
    /// <param name="stay">The workers whose rows are left as they are.</param>
    /// <param name="generationId">The stamp.</param>
    /// <returns>The rows that are to be, without those that are left as they are.</returns>
    /// <exception cref="InvalidOperationException">The rows of a projection do not cover every slot exactly once, or a worker that stays owns a slot of the share: somebody else has written the table.</exception>
    public static ImmutableArray<Checkpoint> Take(IReadOnlyList<Checkpoint> rows, MemberProjections taker, SlotRange share, IReadOnlyCollection<Guid> stay, long generationId)
    {
        var wanted = ImmutableArray.CreateBuilder<Checkpoint>();
        foreach (ImmutableArray<Checkpoint> projection in ByProjection(rows, taker.Projections))
        {
            ILookup<bool, Checkpoint> stays = projection.ToLookup(row => row.WorkerId is { } owner && stay.Contains(owner));
            ThrowIfOwned(stays[true], share);
            ImmutableArray<Checkpoint> free = [.. stays[false]];
            wanted.AddRange(Lane(free, new SlotRange(0, share.From), generationId, null));
            wanted.AddRange(taker.Projections.Contains(projection[0].Projection, StringComparer.Ordinal) ? Share(free, share, generationId, taker) : Lane(free, share, generationId, null));
            wanted.AddRange(Lane(free, new SlotRange(share.To, SlotRange.Count), generationId, null));
        }

        return wanted.ToImmutable();
    }

    /// <summary>Every projection that has rows or is announced, each with rows that cover every slot, in the order of the keys.</summary>
    internal static IEnumerable<ImmutableArray<Checkpoint>> ByProjection(IReadOnlyList<Checkpoint> rows, IEnumerable<string> announced)
    {
        ILookup<(string, int), Checkpoint> existing = rows.ToLookup(row => (row.Projection, row.Version));
        IEnumerable<(string Projection, int Version)> keys = existing.Select(group => group.Key).Union(announced.Select(projection => (projection, 1)));
        foreach ((string projection, int version) in keys.OrderBy(key => key.Projection, StringComparer.Ordinal).ThenBy(key => key.Version))
        {
            ImmutableArray<Checkpoint> found = [.. existing[(projection, version)].OrderBy(row => row.Slots.From)];
            if (found.IsEmpty)
            {
                found = [new Checkpoint(projection, version, SlotRange.All, 0, GenerationId: 0, null)];
            }

            ThrowUnlessCovered(projection, found);
            yield return found;
        }
    }

    private static IEnumerable<Checkpoint> CutProjection(ImmutableArray<Checkpoint> rows, ImmutableArray<MemberProjections> owners, long generationId)
    {
        if (owners.IsEmpty)
        {
            return rows.Select(row => row with { GenerationId = generationId, WorkerId = null });
        }

        return owners.SelectMany((owner, partition) => Share(rows, SlotRange.OfPartition(partition, owners.Length), generationId, owner));
    }

    // Lanes are cut like partitions, inside the owner's share: neighbours on both sides of a border stay two rows.
    private static IEnumerable<Checkpoint> Share(ImmutableArray<Checkpoint> rows, SlotRange share, long generationId, MemberProjections owner) =>
        Enumerable.Range(0, owner.Lanes).SelectMany(lane => Lane(rows, share.Part(lane, owner.Lanes), generationId, owner.WorkerId));

    private static List<Checkpoint> Lane(ImmutableArray<Checkpoint> rows, SlotRange share, long generationId, Guid? owner)
    {
        var result = new List<Checkpoint>();
        foreach (Checkpoint row in rows)
        {
            if (row.Slots.Intersect(share) is not { } slots)
            {
                continue;
            }

            if (result.Count > 0 && result[^1].Position == row.Position && result[^1].Slots.To == slots.From)
            {
                result[^1] = result[^1] with { Slots = new SlotRange(result[^1].Slots.From, slots.To) };
            }
            else
            {
                result.Add(row with { Slots = slots, GenerationId = generationId, WorkerId = owner });
            }
        }

        return result;
    }

    private static void ThrowIfOwned(IEnumerable<Checkpoint> others, SlotRange share)
    {
        if (others.FirstOrDefault(row => row.Slots.Intersect(share) is not null) is { } owned)
        {
            throw new InvalidOperationException(
                $"Slots {owned.Slots} of the projection '{owned.Projection}' belong to worker {owned.WorkerId}, although its partition is another one than {share}. Nothing else may write the checkpoints table.");
        }
    }

    private static void ThrowUnlessCovered(string projection, ImmutableArray<Checkpoint> rows)
    {
        int[] borders = [0, .. rows.Select(row => row.Slots.To)];
        bool covered = borders.SequenceEqual(rows.Select(row => row.Slots.From).Append(SlotRange.Count));
        if (!covered)
        {
            throw new InvalidOperationException(
                $"The checkpoints of the projection '{projection}' do not cover every slot exactly once: {string.Join(", ", rows.Select(row => row.Slots))}. "
                + "Nothing else may write the checkpoints table; mend the rows by hand, or delete them all to start the projection from the beginning.");
        }
    }
}
