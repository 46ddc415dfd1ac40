using Orchestrator.Events;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;

namespace Orchestrator.Contracts;

/// <summary>What every event log does for the projections that read it. Each provider derives a fixture from it, which gives every test an empty log.</summary>
public abstract class EventLogContract
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>What appends to the log.</summary>
    protected abstract IEventStore Store { get; }

    /// <summary>The log under test.</summary>
    protected abstract IEventLog Log { get; }

    [Test]
    public async Task ReadAsync_EmptyLog_IsEmpty()
    {
        EventPage page = await ReadAsync(Request());

        Assert.That(page.IsEmpty);
        Assert.That(page.Events, Is.Empty);
    }

    [Test]
    public async Task ReadEndAsync_Always_IsTheLastEvent()
    {
        Assert.That(await Log.ReadEndAsync(CancellationToken.None), Is.Zero, "an empty log");
        await AppendAsync(aggregates: 2, eventsEach: 3);

        Assert.That(await Log.ReadEndAsync(CancellationToken.None), Is.EqualTo((await ReadAsync(Request())).Events[^1].GlobalPosition));
    }

    [Test]
    public async Task ReadAsync_PageByPage_EveryEventOnceInOrder([Values(1, 3, 7, 100)] int maxCount)
    {
        await AppendAsync(aggregates: 5, eventsEach: 4);
        var seen = new List<PersistedEvent>();
        long position = 0;
        while (await ReadAsync(Request(position, maxCount: maxCount)) is { IsEmpty: false } page)
        {
            Assert.That(page.From, Is.EqualTo(position));
            Assert.That(page.Events, Has.Count.LessThanOrEqualTo(maxCount));
            seen.AddRange(page.Events);
            position = page.To;
        }

        Assert.That(seen, Has.Count.EqualTo(20));
        Assert.That(seen.Select(e => e.GlobalPosition), Is.Ordered.Ascending.And.Unique);
        Assert.That(seen.GroupBy(e => e.AggregateId).Select(stream => stream.Select(e => e.AggregateVersion)), Is.All.EqualTo(new long[] { 1, 2, 3, 4 }));
        Assert.That(position, Is.EqualTo(seen[^1].GlobalPosition));
    }

    [Test]
    public async Task ReadAsync_SharesOfTheSlots_EveryEventInOne([Values(2, 3, 16)] int shares)
    {
        await AppendAsync(aggregates: 60, eventsEach: 2);
        EventPage all = await ReadAsync(Request());
        var seen = new List<Guid>();
        for (int share = 0; share < shares; share++)
        {
            SlotRange slots = SlotRange.OfPartition(share, shares);
            EventPage page = await ReadAsync(Request(slots: slots));
            Assert.That(page.To, Is.EqualTo(all.To), "a page without a cut ends at the last event, whoever's it is");
            Assert.That(page.EventSlots.All(slots.Contains));
            seen.AddRange(page.Events.Select(e => e.EventId));
        }

        Assert.That(seen, Is.EquivalentTo(all.Events.Select(e => e.EventId)));
    }

    [Test]
    public async Task ReadAsync_OneAggregate_OneSlot()
    {
        await AppendAsync(aggregates: 3, eventsEach: 5);

        EventPage page = await ReadAsync(Request());

        Assert.That(page.EventSlots, Has.Count.EqualTo(page.Events.Count));
        Assert.That(page.Events.Zip(page.EventSlots).GroupBy(pair => pair.First.AggregateId, pair => pair.Second).Select(slots => slots.Distinct().Count()), Is.All.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_Filter_OnlyWhatMatchesBothSets()
    {
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, [Event("Placed"), Event("Paid")]);
        AppendResult last = await Store.AppendAsync("User", "1", ExpectedVersion.Any, [Event("Placed")]);

        EventPage both = await ReadAsync(Request(filter: EventFilter.Of(["Order"], ["Placed"])));
        EventPage types = await ReadAsync(Request(filter: EventFilter.Of([], ["Placed"])));
        EventPage none = await ReadAsync(Request(filter: EventFilter.Of(["order"], [])));

        Assert.That(both.Events.Select(e => (e.AggregateType, e.EventType)), Is.EqualTo(new[] { ("Order", "Placed") }));
        Assert.That(types.Events.Select(e => e.AggregateType), Is.EqualTo(new[] { "Order", "User" }));
        Assert.That(none.Events, Is.Empty);
        Assert.That(new[] { both.To, types.To, none.To }, Is.All.EqualTo(last.LastPosition), "who wants nothing still moves on");
    }

    [Test]
    public async Task ReadAsync_Bytes_CutButNeverBelowOneEvent()
    {
        await Store.AppendAsync("Order", "1", ExpectedVersion.Any, [Event("Large", 5_000), Event("Large", 5_000), Event("Large", 5_000)]);

        EventPage one = await ReadAsync(Request(maxBytes: 1));
        EventPage two = await ReadAsync(Request(maxBytes: 6_000));

        Assert.That(one.Events, Has.Count.EqualTo(1));
        Assert.That(one.To, Is.EqualTo(one.Events[0].GlobalPosition));
        Assert.That(two.Events, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task ReadAsync_AtTheEnd_IsEmptyUntilThereIsMore()
    {
        await AppendAsync(aggregates: 1, eventsEach: 2);
        EventPage first = await ReadAsync(Request());

        EventPage nothing = await ReadAsync(Request(first.To));
        await Store.AppendAsync("Order", "later", ExpectedVersion.Any, [Event("Placed")]);
        EventPage more = await ReadAsync(Request(first.To));

        Assert.That(nothing.IsEmpty);
        Assert.That(more.Events.Select(e => e.AggregateId), Is.EqualTo(new[] { "later" }));
    }

    [Test]
    public async Task ReadAsync_SameInputTwice_ReadAtNeverFalls()
    {
        long before = TimeProvider.System.GetTimestamp();
        EventPage first = await ReadAsync(Request());
        EventPage second = await ReadAsync(Request());

        Assert.That(first.ReadAt, Is.GreaterThanOrEqualTo(before));
        Assert.That(second.ReadAt, Is.GreaterThanOrEqualTo(first.ReadAt).And.LessThanOrEqualTo(TimeProvider.System.GetTimestamp()));
    }

    [Test]
    public async Task WaitAsync_NothingComes_EndsAtTheTimeout() =>
        await Log.WaitAsync(0, TimeSpan.FromMilliseconds(50), CancellationToken.None).WaitAsync(Deadline);

    [Test]
    public async Task WaitAsync_AppendWhileWaiting_EndsBeforeTheTimeout()
    {
        Task woken = WaitForEventAsync(0);
        await AppendAsync(aggregates: 1, eventsEach: 1);

        await woken.WaitAsync(Deadline);
    }

    [Test]
    public async Task WaitAsync_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThatAsync(() => Log.WaitAsync(long.MaxValue, Long, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static EventPageRequest Request(long from = 0, SlotRange? slots = null, int maxCount = 1000, int maxBytes = 1_000_000, EventFilter? filter = null) =>
        new(from, slots ?? SlotRange.All, maxCount, maxBytes, filter ?? EventFilter.All);

    private static EventData Event(string type, int bytes = 2) => new(type, new byte[bytes]);

    private ValueTask<EventPage> ReadAsync(EventPageRequest request) => Log.ReadAsync(request, CancellationToken.None);

    // A hint may be early: a reader reads, and waits again.
    private async Task WaitForEventAsync(long position)
    {
        while ((await ReadAsync(Request(position))).IsEmpty)
        {
            await Log.WaitAsync(position, Long, CancellationToken.None);
        }
    }

    private async Task AppendAsync(int aggregates, int eventsEach)
    {
        for (int i = 0; i < eventsEach; i++)
        {
            for (int aggregate = 0; aggregate < aggregates; aggregate++)
            {
                await Store.AppendAsync("Order", $"order-{aggregate}", ExpectedVersion.Any, [Event($"Event{i}")]);
            }
        }
    }
}
