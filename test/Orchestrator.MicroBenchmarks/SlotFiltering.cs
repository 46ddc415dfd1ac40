using BenchmarkDotNet.Attributes;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;

namespace Orchestrator.MicroBenchmarks;

/// <summary>Choosing the events of a batch from a page of 1,000, for a row with every slot and for one with a quarter; figures an event of the page.</summary>
public class SlotFiltering
{
    private const int Events = 1_000;

    private readonly EventPage _page;

    public SlotFiltering()
    {
        PersistedEvent[] events = [.. Enumerable.Range(1, Events).Select(position => SampleEvents.At(position))];
        int[] slots = [.. Enumerable.Range(1, Events).Select(position => position * 7_919 % SlotRange.All.To)];
        _page = new EventPage(0, Events, SlotSet.All, events, slots, ReadAt: 0, Bytes: 0);
    }

    [Params(1, 4)]
    public int Shares { get; set; }

    [Benchmark(OperationsPerInvoke = Events, Description = "choose a batch from a page")]
    public object Select() =>
        BatchSelection.Of(_page, new Checkpoint("sample", 1, new SlotRange(0, SlotRange.All.To / Shares), 0, 1, Guid.Empty), EventFilter.All, Events, long.MaxValue);
}
