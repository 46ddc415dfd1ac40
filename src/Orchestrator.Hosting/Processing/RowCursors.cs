using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Processing;

/// <summary>The rows that a runner has, in the order of their slots. One is lost to another owner, becomes one with its neighbour, or comes from another owner. One owner, the runner.</summary>
internal sealed class RowCursors(LaneShare share, Live<ProjectionTuning> tuning)
{
    private readonly List<RowCursor> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Is cancelled when the lane has other rows than those that were taken over last.</summary>
    public CancellationToken Outdated { get; private set; } = new(canceled: true);

    /// <summary>The rows as they are now; later losses do not change the result.</summary>
    public RowCursor[] Now => [.. _rows];

    /// <summary>Those that have not stopped.</summary>
    public RowCursor[] Running => [.. _rows.Where(cursor => cursor.StoppedBy is null)];

    /// <summary>What all that have not stopped have applied; the greatest there is where none has.</summary>
    public long PassedByAll => _rows.Where(cursor => cursor.StoppedBy is null).Select(cursor => cursor.Position).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>Each two rows that lie side by side.</summary>
    public (RowCursor Lower, RowCursor Upper)[] Neighbours => [.. _rows.Zip(_rows.Skip(1)).Where(pair => pair.First.Slots.To == pair.Second.Slots.From)];

    public bool Contains(RowCursor cursor) => _rows.Contains(cursor);

    /// <summary>Takes over the lane's rows as the partition worker has read them. What is remembered of those that stay is newer. One that has been joined to its neighbour since is gone, and its first batch will find that out.</summary>
    /// <returns>The rows that are new.</returns>
    public ImmutableArray<Checkpoint> TakeOver()
    {
        (ImmutableArray<Checkpoint> rows, Outdated) = share.Now;
        _rows.RemoveAll(cursor => !rows.Any(cursor.Row.Names));
        ImmutableArray<Checkpoint> added = [.. rows.Where(row => !_rows.Exists(cursor => cursor.Row.Names(row)))];
        _rows.AddRange(added.Select(row => new RowCursor(row, share, tuning)));
        _rows.Sort((left, right) => left.Slots.From.CompareTo(right.Slots.From));
        return added;
    }

    public void Remove(RowCursor cursor) => _rows.Remove(cursor);

    /// <summary>Where a row's batch must stop: at the position of a neighbour that is ahead, so that the two meet and can become one.</summary>
    public long LimitOf(RowCursor cursor) =>
        _rows.Where(other => (other.Slots.From == cursor.Slots.To || other.Slots.To == cursor.Slots.From) && other.StoppedBy is null && other.Position > cursor.Position)
            .Select(other => other.Position)
            .DefaultIfEmpty(long.MaxValue)
            .Min();

    /// <summary>Shows the rows. Most turns of an idle runner change nothing, and then nothing is written.</summary>
    public void ShowIn(ProjectionStatus status)
    {
        IReadOnlyList<RowStatus> shown = status.Rows;
        bool same = shown.Count == _rows.Count;
        for (int i = 0; same && i < shown.Count; i++)
        {
            same = ReferenceEquals(shown[i], _rows[i].Status);
        }

        if (!same)
        {
            status.Rows = [.. _rows.Select(cursor => cursor.Status)];
        }
    }
}
