using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.Processing;

/// <summary>The rows that a worker owns, and the runners at work on them. Rows that stay are not disturbed by others that come and go. One owner, the partition worker's loop.</summary>
internal sealed class OwnedRows(WorkerLife life, ReplicaSetDefinition definition, IEventLog log, ProjectionRunnerFactory runners, CancellationTokenSource drain, CancellationToken abort) : IDisposable
{
    private readonly Dictionary<string, ProjectionLanes> _projections = new(StringComparer.Ordinal);
    private readonly Dictionary<LaneShare, Task> _running = [];
    private readonly Fence _fence = new(definition.Name, life.WorkerId);
    private readonly EventFeed _feed = new(log, SlotSet.Of([]), definition, life.Log);
    private ImmutableArray<Checkpoint> _rows = [];

    /// <summary>Ends when every runner has ended: drained, or aborted.</summary>
    public Task Completion => Task.WhenAll(_running.Values);

    /// <summary>Replaces the rows, unless the worker has lost all that it had: then its work is that of a generation that is over.</summary>
    /// <param name="rows">All rows that it owns, as just read.</param>
    /// <returns>False: all are lost; end what runs.</returns>
    public bool TryReplace(ImmutableArray<Checkpoint> rows)
    {
        if (!_rows.IsEmpty && !_rows.Any(row => rows.Any(row.Names)))
        {
            return false;
        }

        _rows = rows;
        _feed.Cover(SlotSet.Of(rows.Select(row => row.Slots)));
        ILookup<string, Checkpoint> byProjection = rows.ToLookup(row => row.Projection, StringComparer.Ordinal);
        foreach (string projection in _projections.Keys.Union(byProjection.Select(found => found.Key), StringComparer.Ordinal).ToArray())
        {
            Assign(projection, [.. byProjection[projection]]);
        }

        return true;
    }

    public void Dispose() => _feed.Dispose();

    private void Assign(string projection, ImmutableArray<Checkpoint> rows)
    {
        if (!_projections.TryGetValue(projection, out ProjectionLanes? lanes))
        {
            _projections.Add(projection, lanes = new ProjectionLanes(definition.Options.Lanes));
        }

        foreach (LaneShare lane in lanes.Assign(rows).Where(lane => !_running.ContainsKey(lane)))
        {
            _running.Add(lane, RunAsync(projection, lane));
        }
    }

    // A bug in one lane drains the others before it goes up.
    private async Task RunAsync(string projection, LaneShare lane)
    {
        try
        {
            // A handler may block its thread: not that of the loop which follows directives.
            await Task.Yield();
            await runners.Create(projection, _fence, _feed, life).RunAsync(lane, drain.Token, abort);
        }
        catch
        {
            drain.Cancel();
            throw;
        }
    }
}
