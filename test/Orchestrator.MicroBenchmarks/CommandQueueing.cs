using BenchmarkDotNet.Attributes;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Checkpoints;

namespace Orchestrator.MicroBenchmarks;

/// <summary>Collecting the statements of a batch of 1,000 events that enqueue one each; figures an event.</summary>
public class CommandQueueing
{
    private const int Events = 1_000;
    private const string Sql = "INSERT INTO read_model VALUES ($1, $2) ON CONFLICT (aggregate_id) DO UPDATE SET version = excluded.version";

    private readonly PersistedEvent[] _events = [.. Enumerable.Range(1, Events).Select(position => SampleEvents.At(position))];

    [Benchmark(OperationsPerInvoke = Events, Description = "queue a statement")]
    public bool Add()
    {
        // Only what is sent needs the transaction and the statements around it.
        var queue = new CommandQueue(transaction: null!, sql: null!);
        foreach (PersistedEvent e in _events)
        {
            queue.Add(Sql, [e.AggregateId, e.AggregateVersion], new CommandSource(e, e));
        }

        return queue.IsEmpty;
    }
}
