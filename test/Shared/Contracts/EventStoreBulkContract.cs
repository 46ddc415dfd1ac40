using Orchestrator.Events;

namespace Orchestrator.Contracts;

/// <summary>What every event store does with many aggregates at once.</summary>
public abstract class EventStoreBulkContract
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>The store under test; one log for the whole fixture.</summary>
    protected abstract IEventStore Store { get; }

    /// <summary>An aggregate id of the running test's own.</summary>
    protected string Id => $"{_id}-{TestContext.CurrentContext.Test.ID}";

    protected static AggregateAppend Append(string id, ExpectedVersion expected, int count = 1) =>
        new("Order", id, expected, [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", default))]);

    [Test]
    public async Task AppendBulkAsync_OfNothing_DoesNothing() => Assert.That(await Store.AppendBulkAsync([]), Is.Empty);

    [Test]
    public async Task AppendBulkAsync_OfRecurringAggregates_KeepsTheOrderOfTheItems()
    {
        await Store.AppendAsync("Order", Id + "a", ExpectedVersion.Any, Append("", ExpectedVersion.Any, 2).Events);

        AggregateAppend[] items =
        [
            Append(Id + "z", ExpectedVersion.NoStream, 2),
            Append(Id + "a", ExpectedVersion.Exact(2)),
            Append(Id + "z", ExpectedVersion.Exact(2), 3),
            Append(Id + "m", ExpectedVersion.Any),
            Append(Id + "a", ExpectedVersion.Any),
        ];
        IReadOnlyList<AppendResult> results = await Store.AppendBulkAsync(items);

        Assert.That(results.Select(r => r.FirstVersion), Is.EqualTo(new[] { 1, 3, 3, 1, 4 }));
        Assert.That(results.Select(r => r.Positions.Count), Is.EqualTo(items.Select(item => item.Events.Count)));
        long[] positions = [.. results.SelectMany(r => r.Positions)];
        Assert.That(positions, Is.Ordered.Ascending.And.Unique);
        IReadOnlyList<PersistedEvent> log = await Store.ReadAllAsync(positions[0] - 1, positions.Length);
        Assert.That(log.Select(e => e.EventId), Is.EqualTo(items.SelectMany(item => item.Events).Select(e => e.EventId)));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id + "z")).Events.Select(e => e.AggregateVersion), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    private static IEnumerable<TestCaseData<ExpectedVersion, ExpectedVersion, int, long>> Conflicts() =>
    [
        new(ExpectedVersion.NoStream, ExpectedVersion.Any, 0, 1), // the aggregate has one event
        new(ExpectedVersion.Exact(2), ExpectedVersion.Any, 0, 1),
        new(ExpectedVersion.Any, ExpectedVersion.NoStream, 1, 3), // the first item adds two
        new(ExpectedVersion.Any, ExpectedVersion.Exact(1), 1, 3),
        new(ExpectedVersion.Exact(1), ExpectedVersion.Exact(9), 1, 3),
    ];

    [TestCaseSource(nameof(Conflicts))]
    public async Task AppendBulkAsync_WithAConflict_NamesTheItemAndWritesNothing(ExpectedVersion first, ExpectedVersion second, int culprit, long actual)
    {
        await Store.AppendBulkAsync([Append(Id, ExpectedVersion.NoStream)]);
        AggregateAppend[] items = [Append(Id + "other", ExpectedVersion.Any), Append(Id, first, 2), Append(Id, second)];

        ConcurrencyException e = (await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendBulkAsync(items)))!;

        Assert.That((e.AggregateType, e.AggregateId, e.ExpectedVersion, e.ActualVersion), Is.EqualTo(("Order", Id, items[culprit + 1].ExpectedVersion, actual)));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.EqualTo(1));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id + "other")).Version, Is.Zero);
        Assert.That((await Store.AppendAsync("Order", Id + "other", ExpectedVersion.NoStream, items[0].Events)).FirstVersion, Is.EqualTo(1), "no head may be left behind");
    }

    [Test]
    public async Task AppendBulkAsync_OfAKnownEventId_ThrowsAndWritesNothing()
    {
        AggregateAppend known = Append(Id, ExpectedVersion.Any);
        await Store.AppendBulkAsync([known]);

        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(() => Store.AppendBulkAsync([Append(Id + "b", ExpectedVersion.Any), known])))!;

        Assert.That(e.EventId, Is.EqualTo(known.Events[0].EventId));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id + "b")).Version, Is.Zero);
    }

    [Test]
    public void AppendBulkAsync_OfTheSameEventIdInTwoItems_Throws()
    {
        AggregateAppend item = Append(Id, ExpectedVersion.Any);

        Assert.That(() => Store.AppendBulkAsync([item, item with { AggregateId = Id + "b" }]), Throws.InstanceOf<DuplicateEventException>());
    }

    [Test]
    public void AppendBulkAsync_OfMalformedItems_ThrowsArgumentExceptionThatNamesThem()
    {
        AggregateAppend good = Append(Id, ExpectedVersion.Any);

        Assert.That(() => Store.AppendBulkAsync([good, null!]), Throws.ArgumentException.With.Message.Contains("appends[1]"));
        Assert.That(() => Store.AppendBulkAsync([good, good with { Events = [] }]), Throws.ArgumentException.With.Message.Contains("appends[1].Events"));
        Assert.That(
            () => Store.AppendBulkAsync([good, good with { Events = [new EventData("", default)] }]),
            Throws.ArgumentException.With.Message.Contains("appends[1].Events[0].EventType"));
    }

    [Test]
    public async Task AppendBulkAsync_OfTensOfThousandsOfAggregates_Works()
    {
        AggregateAppend[] items = [.. Enumerable.Range(0, 30_000).Select(i => Append($"{Id}-{i}", ExpectedVersion.NoStream, 2))];

        IReadOnlyList<AppendResult> results = await Store.AppendBulkAsync(items);

        Assert.That(results, Has.Count.EqualTo(items.Length));
        Assert.That(results.SelectMany(r => r.Positions), Is.Ordered.Ascending);
        Assert.That(results, Has.All.Property(nameof(AppendResult.FirstVersion)).EqualTo(1));
    }

    [Test]
    public async Task AppendBulkAsync_ByManyInOppositeOrders_NeverBlocksForGood()
    {
        const int Appenders = 6, Appends = 6;
        string[] ids = [.. Enumerable.Range(0, 600).Select(i => $"{Id}-{i}")];
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(n => Task.Run(async () =>
        {
            IEnumerable<string> order = n % 2 == 0 ? ids : ids.Reverse();
            for (int i = 0; i < Appends; i++)
            {
                await Store.AppendBulkAsync([.. order.Select(id => Append(id, ExpectedVersion.Any))]);
            }
        })));

        foreach (string id in ids.Take(20))
        {
            IReadOnlyList<PersistedEvent> events = (await Store.ReadAggregateStreamAsync("Order", id)).Events;
            Assert.That(events.Select(e => e.AggregateVersion), Is.EqualTo(Enumerable.Range(1, Appenders * Appends)));
            Assert.That(events.Select(e => e.GlobalPosition), Is.Ordered.Ascending);
        }
    }
}
