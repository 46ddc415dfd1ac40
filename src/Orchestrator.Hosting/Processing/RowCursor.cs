using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Processing;

/// <summary>
/// What a runner remembers of one checkpoint row between batches. Only a hint of where to read next: what counts is the row, as the batch's transaction locks it. One owner, the runner.
/// </summary>
internal sealed class RowCursor(Checkpoint row, LaneShare share, Live<ProjectionTuning> tuning)
{
    private readonly BatchSizing _sizing = new(tuning);
    private (SlotRange Slots, long Position, RowState State, int Failures, Exception? Cause, DateTimeOffset? PendingSince) _shown;
    private RowStatus? _status;

    /// <summary>The row as last seen.</summary>
    public Checkpoint Row { get; set; } = row;

    public SlotRange Slots => Row.Slots;

    public long Position => Row.Position;

    /// <summary>Whether the row still is this worker's, as far as the process knows.</summary>
    public bool IsOwned => share.Holds(Row);

    /// <summary>When the oldest event was appended that was read and is not applied yet; null: none is known.</summary>
    public DateTimeOffset? PendingSince { get; set; }

    /// <summary>Pages must have been read since then.</summary>
    public long ReadSince { get; set; }

    /// <summary>The most events of the next batch.</summary>
    public int BatchLimit => _sizing.Limit;

    /// <summary>How often in a row the handler has failed at this position, with however many events.</summary>
    public int HandlerFailures { get; private set; }

    /// <summary>How often of these it was given one event only: what counts towards giving up, because only then it is known which event fails.</summary>
    public int SingleFailures { get; private set; }

    /// <summary>How often in a row the infrastructure has failed.</summary>
    public int InfrastructureFailures { get; private set; }

    /// <summary>The infrastructure's failures since it last worked; null while it does.</summary>
    public Stall? Stall { get; set; }

    /// <summary>The timestamp before which nothing is tried again.</summary>
    public long NotBefore { get; set; }

    /// <summary>What failed last, until a batch is committed; for whoever looks.</summary>
    public Exception? LastFailure { get; set; }

    /// <summary>Why nothing of it is tried any more, or null.</summary>
    public Exception? StoppedBy { get; set; }

    /// <summary>What is shown of the row: the same object for as long as nothing of it changes.</summary>
    public RowStatus Status
    {
        get
        {
            int failures = Math.Max(HandlerFailures, InfrastructureFailures);
            RowState state = StoppedBy is not null ? RowState.Stopped : failures > 0 ? RowState.Retrying : RowState.Running;
            (SlotRange, long, RowState, int, Exception?, DateTimeOffset?) now = (Slots, Position, state, failures, LastFailure, PendingSince);
            if (_status is null || _shown != now)
            {
                _shown = now;
                _status = new RowStatus(Slots, Position, state, failures, LastFailure is { } failure ? RowStatus.CauseOf(failure) : null) { PendingSince = PendingSince };
            }

            return _status;
        }
    }

    /// <summary>
    /// Whether a page holds what follows the row as a batch has locked it. Position and slots come from there, not from memory: behind a lost reply it may stand beyond the page, or beyond the limit, and
    /// it never moves back. And a page from before the connection may hold events that a server's crash has undone. If it does not, goes by the locked row from now on.
    /// </summary>
    /// <param name="page">A page that served the row as remembered.</param>
    /// <param name="batch">The batch that has locked the row.</param>
    /// <param name="limit">A position not to pass.</param>
    public bool Accepts(EventPage page, IFencedBatch batch, long limit)
    {
        Checkpoint locked = batch.Checkpoint;
        if (page.Serves(locked.Slots, locked.Position) && locked.Position < limit && page.ReadAt >= batch.ConnectionOpenedAt)
        {
            return true;
        }

        LearnFrom(batch);
        return false;
    }

    /// <summary>What was read does not fit the row as it is: goes by the locked row from now on, and by pages that are younger than the connection.</summary>
    public void LearnFrom(IFencedBatch batch)
    {
        Row = batch.Checkpoint;
        ReadSince = Math.Max(ReadSince, batch.ConnectionOpenedAt);
    }

    /// <summary>A batch has been committed.</summary>
    /// <param name="row">The row behind it.</param>
    /// <param name="handled">How many events it had.</param>
    /// <param name="took">From its begin to its commit.</param>
    public void Succeeded(Checkpoint row, int handled, TimeSpan took)
    {
        Row = row;
        LastFailure = null;
        HandlerFailures = 0;
        SingleFailures = 0;
        InfrastructureFailures = 0;
        _sizing.Succeeded(handled, took);
    }

    /// <summary>The infrastructure works again, whether or not there was anything to apply.</summary>
    public void InfrastructureWorks()
    {
        Stall = null;
        InfrastructureFailures = 0;
        LastFailure = HandlerFailures == 0 ? null : LastFailure;
    }

    /// <summary>A handler has failed; nothing of the batch has taken effect.</summary>
    /// <param name="single">Whether the batch was one event.</param>
    public void HandlerFailed(bool single)
    {
        HandlerFailures++;
        SingleFailures += single ? 1 : 0;
        _sizing.Failed();
    }

    /// <summary>The infrastructure has failed; whether the batch has taken effect is unknown.</summary>
    public void InfrastructureFailed()
    {
        InfrastructureFailures++;
        _sizing.Failed();
    }
}
