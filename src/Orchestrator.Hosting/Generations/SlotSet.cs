using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>Any slots, as ranges in their order that do not touch each other. Immutable; a single <see cref="SlotRange"/> converts to it.</summary>
public sealed class SlotSet
{
    private readonly ImmutableArray<SlotRange> _ranges;

    private SlotSet(ImmutableArray<SlotRange> ranges) => _ranges = ranges;

    /// <summary>Every slot.</summary>
    public static SlotSet All { get; } = new([SlotRange.All]);

    /// <summary>The ranges, in their order; none: the set is empty.</summary>
    public IReadOnlyList<SlotRange> Ranges => _ranges;

    /// <summary>The smallest range that holds all of the slots; an empty one for an empty set.</summary>
    public SlotRange Hull => _ranges.IsEmpty ? default : new SlotRange(_ranges[0].From, _ranges[^1].To);

    /// <summary>Whether this is every slot.</summary>
    public bool IsAll => _ranges is [{ IsAll: true }];

    /// <summary>Makes a set.</summary>
    /// <param name="range">Its slots.</param>
    public static implicit operator SlotSet(SlotRange range) => Of([range]);

    /// <summary>Makes a set of ranges in any order; they may touch and overlap.</summary>
    /// <param name="ranges">The ranges.</param>
    /// <returns>Every slot that is in one of them.</returns>
    public static SlotSet Of(IEnumerable<SlotRange> ranges)
    {
        var joined = new List<SlotRange>();
        foreach (SlotRange range in ranges.Where(range => range.Length > 0).OrderBy(range => range.From))
        {
            if (joined.Count > 0 && range.From <= joined[^1].To)
            {
                joined[^1] = new SlotRange(joined[^1].From, Math.Max(joined[^1].To, range.To));
            }
            else
            {
                joined.Add(range);
            }
        }

        return new SlotSet([.. joined]);
    }

    /// <summary>Whether a slot is in the set.</summary>
    /// <param name="slot">The slot.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(int slot) => Contains(new SlotRange(slot, slot + 1));

    /// <summary>Whether every slot of a range is in the set.</summary>
    /// <param name="range">The range.</param>
    /// <returns>True when they all are.</returns>
    public bool Contains(SlotRange range)
    {
        foreach (SlotRange candidate in _ranges)
        {
            if (candidate.Contains(range))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", _ranges);
}
