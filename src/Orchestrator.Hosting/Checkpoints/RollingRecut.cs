using System.Collections.Immutable;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Checkpoints;

/// <summary>
/// Decides which checkpoints change hands when members come and go, under the strategy Rolling. Pure. What each member should have says
/// <see cref="SlotDeal"/>; here the rows are cut to fit.
/// </summary>
internal static class RollingRecut
{
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
        Guid?[] units = SlotDeal.Deal(rows, [.. owners.Select(owner => owner.WorkerId)], generationId);
        List<Checkpoint>[] parts = [.. rows.Select(row => Parts(row, units, generationId).ToList())];
        foreach (MemberProjections owner in owners.Where(owner => owner.Lanes > 1))
        {
            FillLanes(parts, owner, generationId);
        }

        // What has changed hands does so once under a stamp: a second time, its owner could not tell. What came to be since, the next generation evens out.
        return rows.Zip(parts, (row, cut) => new RowChange(row, [.. cut]))
            .Where(change => change.Row.GenerationId != generationId && !change.Parts.SequenceEqual([change.Row]));
    }

    // The first part keeps the stamp where it keeps the owner, who runs on with it and never pauses: each batch takes the row's end from the row as it is locked.
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
            bool stays = slots.From == row.Slots.From && units[unit] == row.WorkerId;
            yield return stays ? row with { Slots = slots } : row with { Slots = slots, GenerationId = generationId, WorkerId = units[unit] };
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
