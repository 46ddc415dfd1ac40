using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.Processing;

/// <summary>The rows that a runner has, in the order of their slots. They get fewer: one is lost to another owner, or becomes one with its neighbour. One owner, the runner.</summary>
internal sealed class RowCursors(IEnumerable<Checkpoint> rows, Live<ProjectionTuning> tuning)
{
    private readonly List<RowCursor> _rows = [.. rows.Select(row => new RowCursor(row, tuning))];

    public int Count => _rows.Count;

    /// <summary>The rows as they are now; later losses do not change the result.</summary>
    public RowCursor[] Now => [.. _rows];

    /// <summary>Those that have not stopped.</summary>
    public RowCursor[] Running => [.. _rows.Where(cursor => cursor.StoppedBy is null)];

    /// <summary>Each two rows that lie side by side.</summary>
    public (RowCursor Lower, RowCursor Upper)[] Neighbours => [.. _rows.Zip(_rows.Skip(1)).Where(pair => pair.First.Slots.To == pair.Second.Slots.From)];

    public bool Contains(RowCursor cursor) => _rows.Contains(cursor);

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
