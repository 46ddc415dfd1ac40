using System.Diagnostics;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Remembers when workers of this process committed. Any thread may add and take.</summary>
internal sealed class CommitLog
{
    private readonly Lock _lock = new();
    private List<Commit> _commits = [];

    /// <summary>A worker has committed a batch.</summary>
    public void Committed(Guid worker, IReadOnlyList<string> aggregates)
    {
        var commit = new Commit(Stopwatch.GetTimestamp(), worker, aggregates);
        lock (_lock)
        {
            _commits.Add(commit);
        }
    }

    /// <summary>All of them since the last call.</summary>
    public IReadOnlyList<Commit> Take()
    {
        lock (_lock)
        {
            List<Commit> taken = _commits;
            _commits = [];
            return taken;
        }
    }
}

/// <summary>What <see cref="GapWitness"/> works with.</summary>
/// <param name="Commits">Where it reports.</param>
/// <param name="BatchDuration">How long it holds up each batch.</param>
/// <param name="LongestBatch">How long it holds up a batch with events of the slow aggregate.</param>
internal sealed record GapWitnessProbe(CommitLog Commits, TimeSpan BatchDuration, TimeSpan LongestBatch);

/// <summary>A projection that reports its commits; its batches take as long as they are told to, and cost the cores nothing meanwhile.</summary>
internal sealed class GapWitness(GapWitnessProbe probe) : IBatchProjection
{
    public async ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        string[] aggregates = [.. events.Select(e => e.AggregateId).Distinct()];
        context.OnCommitted(() => probe.Commits.Committed(context.WorkerId, aggregates));
        TimeSpan duration = aggregates.Contains(SteadyAppends.SlowAggregate) ? probe.LongestBatch : probe.BatchDuration;
        if (duration > TimeSpan.Zero)
        {
            await Task.Delay(duration, TimeProvider.System, cancellationToken);
        }
    }
}
