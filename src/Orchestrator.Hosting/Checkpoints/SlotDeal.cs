using System.Collections.Immutable;
using System.Numerics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// Deals a projection's slots to the members of a generation so that as few as possible change hands: who stays keeps what it has, up to its fair share. Pure. Slots are dealt in units, eight or more for each
/// member, so that shares differ by one unit at most and never fall into crumbs. What has changed hands under a generation counts as dealt: asked again before all has, it goes on to the same fair shares.
/// </summary>
internal static class SlotDeal
{
    // Enough that the units of up to 32 members are the same, and so nobody's row is cut but by those who come and go.
    private const int LeastUnits = 256;
    private const int UnitsPerMember = 8;

    /// <summary>Deals a projection's slots.</summary>
    /// <param name="rows">Its rows, which cover every slot, in their order.</param>
    /// <param name="owners">The members that have it.</param>
    /// <param name="generationId">The generation; what bears its stamp has been dealt by it.</param>
    /// <returns>The owner of each unit, all units equally long; null: no member has the projection.</returns>
    public static Guid?[] Deal(ImmutableArray<Checkpoint> rows, ImmutableArray<Guid> owners, long generationId)
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
}
