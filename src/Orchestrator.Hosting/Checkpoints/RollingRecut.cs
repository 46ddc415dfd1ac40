using System.Collections.Immutable;
using System.Numerics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// Decides which checkpoints change hands when members come and go, under the strategy Rolling. Pure. As few slots as possible: who stays keeps what it has, up to its fair share. Slots are dealt in
/// units, eight or more for each member, so that shares differ by one unit at most and never fall into crumbs. What has changed hands under a generation counts as dealt: asked again before all has, it goes
/// on to the same fair shares.
/// </summary>
internal static class RollingRecut
{
    // Enough that the units of up to 32 members are the same, and so nobody's row is cut but by those who come and go.
    private const int LeastUnits = 256;
    private const int UnitsPerMember = 8;

    /// <summary>Finds the rows that are not as the members should have them.</summary>
    /// <param name="rows">All rows of the replica set.</param>
    /// <param name="members">The generation's members; a projection's slots are divided among those that have it.</param>
    /// <param name="generationId">The stamp of what changes.</param>
    /// <returns>Each such row, with the rows that are to be in its place; none: everything is as it should be. Row by row, they can be replaced at different times, in any order.</returns>
    /// <exception cref="InvalidOperationException">The rows of a projection do not cover every slot exactly once: somebody else has written the table.</exception>
    public static ImmutableArray<RowChange> Changes(IReadOnlyList<Checkpoint> rows, IReadOnlyList<MemberProjections> members, long generationId) =>
    [
        .. CheckpointRecut.ByProjection(rows, members.SelectMany(member => member.Projections))
            .SelectMany(projection => ChangesOf(projection, [.. members.Where(member => member.Projections.Contains(projection[0].Projection, StringComparer.Ordinal))], generationId)),
    ];

    private static IEnumerable<RowChange> ChangesOf(ImmutableArray<Checkpoint> rows, ImmutableArray<MemberProjections> owners, long generationId)
    {
        Guid?[] units = Deal(rows, [.. owners.Select(owner => owner.WorkerId)], generationId);
        List<Checkpoint>[] parts = [.. rows.Select(row => Parts(row, units, generationId).ToList())];
        foreach (MemberProjections owner in owners.Where(owner => owner.Lanes > 1))
        {
            FillLanes(parts, owner, generationId);
        }

        // A row changes once under a stamp: a second time, its owner could not tell. What came to be since, the next generation evens out.
        return rows.Zip(parts, (row, cut) => new RowChange(row, [.. cut]))
            .Where(change => change.Row.GenerationId != generationId && !change.Parts.SequenceEqual([change.Row]));
    }

    // Every unit's owner. Nobody, where no member has the projection.
    private static Guid?[] Deal(ImmutableArray<Checkpoint> rows, ImmutableArray<Guid> owners, long generationId)
    {
        int count = (int)Math.Min(Math.Max(LeastUnits, BitOperations.RoundUpToPowerOf2((uint)(UnitsPerMember * owners.Length))), SlotRange.Count);
        bool[] dealt = new bool[count];
        Guid?[] units = Owners(rows, owners, generationId, dealt);
        Dictionary<Guid, int> missing = Quotas(units, dealt, owners);
        TakeSurplus(units, dealt, missing);
        for (int unit = 0; unit < count && owners.Length > 0; unit++)
        {
            if (units[unit] is null)
            {
                Guid next = NextOwner(units, unit, missing, owners);
                units[unit] = next;
                missing[next]--;
            }
        }

        return units;
    }

    // A unit is whose most of it is, among those who may have it; or whose some of it is by this very generation, which has dealt it then. Nearly all lie in one row.
    private static Guid?[] Owners(ImmutableArray<Checkpoint> rows, ImmutableArray<Guid> owners, long generationId, bool[] dealt)
    {
        var units = new Guid?[dealt.Length];
        var known = owners.ToHashSet();
        int row = 0;
        for (int unit = 0; unit < units.Length; unit++)
        {
            SlotRange slots = SlotRange.OfPartition(unit, units.Length);
            while (rows[row].Slots.To <= slots.From)
            {
                row++;
            }

            if (rows[row].Slots.To < slots.To)
            {
                Checkpoint[] owned = [.. rows.Skip(row).TakeWhile(candidate => candidate.Slots.From < slots.To).Where(candidate => candidate.WorkerId is { } owner && known.Contains(owner))];
                dealt[unit] = owned.Any(candidate => candidate.GenerationId == generationId);
                units[unit] = OwnerOf(slots, owned, generationId);
            }
            else if (rows[row].WorkerId is { } owner && known.Contains(owner))
            {
                dealt[unit] = rows[row].GenerationId == generationId;
                units[unit] = owner;
            }
        }

        return units;
    }

    private static Guid? OwnerOf(SlotRange unit, Checkpoint[] rows, long generationId) => rows
        .GroupBy(row => row.WorkerId, row => row.GenerationId == generationId ? SlotRange.Count : row.Slots.Intersect(unit)!.Value.Length)
        .MaxBy(share => share.Sum())?.Key;

    // How many units each owner is short of; below zero: has too many. Where they do not come out even, one more is for whom that has been dealt to, and then for who has most.
    private static Dictionary<Guid, int> Quotas(Guid?[] units, bool[] dealt, ImmutableArray<Guid> owners)
    {
        int even = units.Length / Math.Max(owners.Length, 1);
        Dictionary<Guid, (int Units, int Dealt)> held = owners.ToDictionary(owner => owner, static _ => (0, 0));
        for (int unit = 0; unit < units.Length; unit++)
        {
            if (units[unit] is { } owner)
            {
                held[owner] = (held[owner].Units + 1, held[owner].Dealt + (dealt[unit] ? 1 : 0));
            }
        }

        return owners
            .OrderByDescending(owner => held[owner].Dealt > even)
            .ThenByDescending(owner => held[owner].Units)
            .Select((owner, place) => (owner, Missing: even + (place < units.Length % owners.Length ? 1 : 0) - held[owner].Units))
            .ToDictionary(quota => quota.owner, quota => quota.Missing);
    }

    // From its shortest stretches first, so that what it keeps lies together; and from their ends.
    private static void TakeSurplus(Guid?[] units, bool[] dealt, Dictionary<Guid, int> missing)
    {
        foreach ((int from, int to) in Stretches(units).OrderBy(stretch => stretch.To - stretch.From).ThenByDescending(stretch => stretch.From).ToArray())
        {
            for (int unit = to - 1; unit >= from && units[unit] is { } owner && missing[owner] < 0; unit--)
            {
                if (!dealt[unit])
                {
                    units[unit] = null;
                    missing[owner]++;
                }
            }
        }
    }

    private static IEnumerable<(int From, int To)> Stretches(Guid?[] units)
    {
        int from = 0;
        for (int unit = 1; unit <= units.Length; unit++)
        {
            if (unit == units.Length || units[unit] != units[from])
            {
                if (units[from] is not null)
                {
                    yield return (from, unit);
                }

                from = unit;
            }
        }
    }

    // A neighbour that is short of units, so that stretches grow; else whoever is short of most.
    private static Guid NextOwner(Guid?[] units, int unit, Dictionary<Guid, int> missing, ImmutableArray<Guid> owners)
    {
        if (unit > 0 && units[unit - 1] is { } below && missing[below] > 0)
        {
            return below;
        }

        int next = Array.FindIndex(units, unit, static owner => owner is not null);
        return next >= 0 && units[next] is { } above && missing[above] > 0 ? above : owners.MaxBy(owner => missing[owner]);
    }

    private static IEnumerable<Checkpoint> Parts(Checkpoint row, Guid?[] units, long generationId)
    {
        int length = SlotRange.Count / units.Length;
        int from = row.Slots.From;
        for (int unit = from / length; from < row.Slots.To; unit++)
        {
            int to = (unit + 1) * length;
            if (to < row.Slots.To && units[unit + 1] == units[unit])
            {
                continue;
            }

            var slots = new SlotRange(from, Math.Min(to, row.Slots.To));
            yield return slots == row.Slots && units[unit] == row.WorkerId ? row : row with { Slots = slots, GenerationId = generationId, WorkerId = units[unit] };
            from = to;
        }
    }

    // A lane without a row would idle: the longest rows are cut until there is one for each.
    private static void FillLanes(List<Checkpoint>[] parts, MemberProjections owner, long generationId)
    {
        int count = parts.Sum(cut => cut.Count(part => part.WorkerId == owner.WorkerId));
        while (count > 0 && count < owner.Lanes)
        {
            (List<Checkpoint> cut, Checkpoint longest) = (
                from candidates in parts
                from part in candidates
                where part.WorkerId == owner.WorkerId
                select (candidates, part)).MaxBy(candidate => candidate.part.Slots.Length);
            int pieces = count == 1 ? owner.Lanes : 2;
            int index = cut.IndexOf(longest);
            cut.RemoveAt(index);
            cut.InsertRange(index, Enumerable.Range(0, pieces).Select(piece => longest with { Slots = longest.Slots.Part(piece, pieces), GenerationId = generationId }));
            count += pieces - 1;
        }
    }
}

/// <summary>A row that is not as it should be.</summary>
/// <param name="Row">The row as it was read; for a projection without rows, one that covers every slot and does not exist yet.</param>
/// <param name="Parts">What is to be in its place: the same slots, at the same position.</param>
internal sealed record RowChange(Checkpoint Row, ImmutableArray<Checkpoint> Parts)
{
    /// <summary>What is to be in the row's place, now that it is locked; empty: it is not the row that was read any more.</summary>
    /// <param name="locked">The row as it is.</param>
    public ImmutableArray<Checkpoint> PartsOf(Checkpoint locked) =>
        locked.Names(Row) && locked.Slots == Row.Slots ? [.. Parts.Select(part => part with { Position = locked.Position })] : [];
}
