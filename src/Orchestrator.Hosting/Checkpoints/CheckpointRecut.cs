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
        var wanted = ImmutableArray.CreateBuilder<Checkpoint>();
        ILookup<(string, int), Checkpoint> existing = rows.ToLookup(row => (row.Projection, row.Version));
        IEnumerable<(string Projection, int Version)> announced = members.SelectMany(member => member.Projections).Select(projection => (projection, 1));
        foreach ((string projection, int version) in existing.Select(group => group.Key).Union(announced).OrderBy(key => key.Item1, StringComparer.Ordinal).ThenBy(key => key.Item2))
        {
            ImmutableArray<MemberProjections> owners = [.. members.Where(member => member.Projections.Contains(projection, StringComparer.Ordinal))];
            wanted.AddRange(CutProjection(projection, version, [.. existing[(projection, version)].OrderBy(row => row.Slots.From)], owners, generationId));
        }

        return wanted.ToImmutable();
    }

    private static IEnumerable<Checkpoint> CutProjection(string projection, int version, ImmutableArray<Checkpoint> rows, ImmutableArray<MemberProjections> owners, long generationId)
    {
        if (rows.IsEmpty)
        {
            rows = [new Checkpoint(projection, version, SlotRange.All, 0, generationId, null)];
        }

        ThrowUnlessCovered(projection, rows);
        if (owners.IsEmpty)
        {
            return rows.Select(row => row with { GenerationId = generationId, WorkerId = null });
        }

        return owners.SelectMany((owner, partition) => Share(rows, SlotRange.OfPartition(partition, owners.Length), generationId, owner));
    }

    // Lanes are cut like partitions, inside the owner's share: neighbours on both sides of a border stay two rows.
    private static IEnumerable<Checkpoint> Share(ImmutableArray<Checkpoint> rows, SlotRange share, long generationId, MemberProjections owner) =>
        Enumerable.Range(0, owner.Lanes).SelectMany(lane => Lane(rows, share.Part(lane, owner.Lanes), generationId, owner.WorkerId));

    private static List<Checkpoint> Lane(ImmutableArray<Checkpoint> rows, SlotRange share, long generationId, Guid owner)
    {
        var result = new List<Checkpoint>();
        foreach (Checkpoint row in rows)
        {
            if (row.Slots.Intersect(share) is not { } slots)
            {
                continue;
            }

            if (result.Count > 0 && result[^1].Position == row.Position)
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
