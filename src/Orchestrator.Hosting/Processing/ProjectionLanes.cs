using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Processing;

/// <summary>Divides a worker's rows of one projection over its lanes. A row stays in its lane for as long as it is the worker's.</summary>
internal sealed class ProjectionLanes(int count)
{
    private readonly LaneShare[] _lanes = [.. Enumerable.Range(0, count).Select(_ => new LaneShare([]))];

    /// <summary>Replaces the rows.</summary>
    /// <param name="rows">All rows of the projection that the worker owns, in the order of their slots.</param>
    /// <returns>The lanes that have rows now.</returns>
    public IEnumerable<LaneShare> Assign(ImmutableArray<Checkpoint> rows)
    {
        List<Checkpoint>[] assigned = Array.TrueForAll(_lanes, lane => lane.Rows.IsEmpty) ? Divide(rows) : Reassign(rows);
        for (int i = 0; i < count; i++)
        {
            if (!_lanes[i].Rows.SequenceEqual(assigned[i]))
            {
                _lanes[i].Publish([.. assigned[i]]);
            }
        }

        return _lanes.Where(lane => !lane.Rows.IsEmpty);
    }

    // At first as the rows were cut: equal parts of the share, in the order of the slots.
    private List<Checkpoint>[] Divide(ImmutableArray<Checkpoint> rows)
    {
        List<Checkpoint>[] assigned = Empty();
        if (rows.Length <= count)
        {
            return [.. assigned.Select((lane, index) => index < rows.Length ? [rows[index]] : lane)];
        }

        var share = new SlotRange(0, rows.Sum(row => row.Slots.Length));
        int slots = 0;
        foreach (Checkpoint row in rows)
        {
            assigned[Enumerable.Range(0, count).First(lane => share.Part(lane, count).Contains(slots))].Add(row);
            slots += row.Slots.Length;
        }

        return assigned;
    }

    private List<Checkpoint>[] Reassign(ImmutableArray<Checkpoint> rows)
    {
        List<Checkpoint>[] assigned = Empty();
        foreach ((Checkpoint row, int lane) in rows.Select(row => (row, Lane: LaneOf(row))).OrderBy(row => row.Lane < 0))
        {
            (lane < 0 ? assigned.MinBy(lane => lane.Sum(row => row.Slots.Length))! : assigned[lane]).Add(row);
        }

        return assigned;
    }

    private int LaneOf(Checkpoint row) => Array.FindIndex(_lanes, lane => lane.Holds(row));

    private List<Checkpoint>[] Empty() => [.. Enumerable.Range(0, count).Select(_ => new List<Checkpoint>())];
}
