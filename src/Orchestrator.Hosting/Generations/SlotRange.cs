using System.Globalization;

namespace Orchestrator.Hosting.Generations;

/// <summary>A range of slots, the fixed hash buckets of aggregate ids: <c>From</c> inclusive to <c>To</c> exclusive.</summary>
/// <param name="From">The first slot; 0 or greater.</param>
/// <param name="To">The slot behind the last; at most <see cref="Count"/>.</param>
public readonly record struct SlotRange(int From, int To)
{
    /// <summary>How many slots there are. It can never change: checkpoints depend on it.</summary>
    public const int Count = 32_768;

    /// <summary>Every slot.</summary>
    public static SlotRange All { get; } = new(0, Count);

    /// <summary>How many slots are in the range.</summary>
    public int Length => To - From;

    /// <summary>Whether this is every slot.</summary>
    public bool IsAll => From == 0 && To == Count;

    /// <summary>The share <paramref name="partition"/> of <paramref name="totalPartitions"/> of all slots.</summary>
    /// <param name="partition">The share's number, from 0.</param>
    /// <param name="totalPartitions">How many shares there are; 1 to <see cref="Count"/>.</param>
    /// <returns>The range; the shares of one total cover every slot once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such share.</exception>
    public static SlotRange OfPartition(int partition, int totalPartitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalPartitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(totalPartitions, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, totalPartitions);
        return All.Part(partition, totalPartitions);
    }

    /// <summary>Whether a slot is in the range.</summary>
    /// <param name="slot">The slot.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(int slot) => slot >= From && slot < To;

    /// <summary>Whether another range lies wholly in this one.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>True when it does.</returns>
    public bool Contains(SlotRange other) => other.From >= From && other.To <= To;

    /// <summary>The slots that are in both ranges, or null when there are none.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>The common range.</returns>
    public SlotRange? Intersect(SlotRange other)
    {
        var common = new SlotRange(Math.Max(From, other.From), Math.Min(To, other.To));
        return common.Length > 0 ? common : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{From}, {To})");

    /// <summary>One of equal parts of this range; the parts cover it, and one of a range shorter than their number can be empty.</summary>
    internal SlotRange Part(int number, int parts) => new(Border(number, parts), Border(number + 1, parts));

    private int Border(int part, int parts) => From + (int)((long)Length * part / parts);
}
