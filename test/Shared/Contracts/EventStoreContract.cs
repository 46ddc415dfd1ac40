using System.Text;
using Orchestrator.Events;

namespace Orchestrator.Contracts;

/// <summary>What every event store does when it appends. Each provider derives a fixture from it; each test works on aggregates of its own.</summary>
public abstract class EventStoreContract
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>The store under test; one log for the whole fixture.</summary>
    protected abstract IEventStore Store { get; }

    /// <summary>An aggregate id of the running test's own.</summary>
    protected string Id => $"{_id}-{TestContext.CurrentContext.Test.ID}";

    protected static EventData Event(string type = "Happened", string payload = "{}") => new(type, Encoding.UTF8.GetBytes(payload));

    protected static EventData[] Events(int count) => [.. Enumerable.Range(1, count).Select(i => Event($"Happened{i}", $"{i}"))];

    [Test]
    public async Task AppendAsync_ToANewAggregate_StartsAtVersionOne()
    {
        AppendResult result = await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(3));

        Assert.That(result.FirstVersion, Is.EqualTo(1));
        Assert.That(result.LastVersion, Is.EqualTo(3));
        Assert.That(result.Positions, Has.Count.EqualTo(3).And.Ordered.Ascending.And.Unique);
        Assert.That(result.Positions[0], Is.GreaterThan(0));
    }

    [Test]
    public async Task AppendAsync_AtTheExactVersion_GoesOnFromThere()
    {
        AppendResult first = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(2));
        AppendResult second = await Store.AppendAsync("Order", Id, ExpectedVersion.Exact(2), Events(2));

        Assert.That(second.FirstVersion, Is.EqualTo(3));
        Assert.That(second.Positions[0], Is.GreaterThan(first.LastPosition));
    }

    [Test]
    public async Task AppendAsync_ExpectingAnyVersion_AppendsToNewAndOldAggregates()
    {
        AppendResult first = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1));
        AppendResult second = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1));

        Assert.That(new[] { first.FirstVersion, second.FirstVersion }, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task AppendAsync_ToTheSameIdOfAnotherType_IsAnotherAggregate()
    {
        await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(2));
        AppendResult other = await Store.AppendAsync("Customer", Id, ExpectedVersion.NoStream, Events(1));

        Assert.That(other.FirstVersion, Is.EqualTo(1));
    }

    private static IEnumerable<TestCaseData<ExpectedVersion, long>> Conflicts() =>
    [
        new(ExpectedVersion.NoStream, 2),
        new(ExpectedVersion.Exact(1), 2),
        new(ExpectedVersion.Exact(3), 2),
        new(ExpectedVersion.Exact(1), 0),
    ];

    [TestCaseSource(nameof(Conflicts))]
    public async Task AppendAsync_AtAnotherVersion_ThrowsAndWritesNothing(ExpectedVersion expected, long actual)
    {
        if (actual > 0)
        {
            await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events((int)actual));
        }

        ConcurrencyException e = (await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendAsync("Order", Id, expected, Events(2))))!;

        Assert.That((e.AggregateType, e.AggregateId, e.ExpectedVersion, e.ActualVersion), Is.EqualTo(("Order", Id, expected, actual)));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Events, Has.Count.EqualTo(actual));
        AppendResult next = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1));
        Assert.That(next.FirstVersion, Is.EqualTo(actual + 1), "the refused append must not have moved the version");
    }

    [Test]
    public async Task AppendAsync_OfAKnownEventId_ThrowsAndWritesNothing()
    {
        EventData known = Event();
        await Store.AppendAsync("Order", Id + "a", ExpectedVersion.Any, [known]);

        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(
            () => Store.AppendAsync("Order", Id, ExpectedVersion.Any, [Event(), known, Event()])))!;

        Assert.That(e.EventId, Is.EqualTo(known.EventId));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.Zero);
    }

    [Test]
    public async Task AppendAsync_Repeated_SaysThatTheEventsAreThereAlready()
    {
        EventData[] events = Events(2);
        await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, events);

        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(() => Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, events)))!;

        Assert.That(e.EventId, Is.EqualTo(events[0].EventId), "the version does not fit either, but this is what the caller must know");
    }

    [Test]
    public async Task AppendAsync_OfTheSameEventIdTwice_Throws()
    {
        EventData data = Event();

        DuplicateEventException e = (await Assert.ThrowsAsync<DuplicateEventException>(() => Store.AppendAsync("Order", Id, ExpectedVersion.Any, [data, data])))!;

        Assert.That(e.EventId, Is.EqualTo(data.EventId));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        EventData good = Event();
        yield return Case("no events", "t", "i", []);
        yield return Case("null event", "t", "i", [good, null!]);
        yield return Case("empty type", "", "i", [good]);
        yield return Case("null type", null!, "i", [good]);
        yield return Case("long type", new string('t', 201), "i", [good]);
        yield return Case("empty id", "t", "", [good]);
        yield return Case("long id", "t", new string('i', 501), [good]);
        yield return Case("NUL in the id", "t", "a\0b", [good]);
        yield return Case("half a surrogate pair", "t", "a\ud83d", [good]);
        yield return Case("empty event type", "t", "i", [good with { EventType = "" }]);
        yield return Case("long event type", "t", "i", [good with { EventType = new string('e', 201) }]);
        yield return Case("NUL in the event type", "t", "i", [good with { EventType = "\0" }]);
        yield return Case("event version 0", "t", "i", [good with { EventVersion = 0 }]);
        yield return Case("metadata not JSON", "t", "i", [good with { Metadata = "{" }]);
        yield return Case("metadata empty", "t", "i", [good with { Metadata = "" }]);
        yield return Case("metadata with two values", "t", "i", [good with { Metadata = "1 2" }]);
        yield return Case("metadata with an escaped NUL", "t", "i", [good with { Metadata = """{"a":"\u0000"}""" }]);
        yield return Case("metadata with an escaped NUL in a name", "t", "i", [good with { Metadata = """{"\u0000":1}""" }]);
        yield return Case("metadata with half an escaped surrogate pair", "t", "i", [good with { Metadata = """["\ud83d"]""" }]);
        yield return Case("payload beyond the limit", "t", "i", [good with { Payload = new byte[100 * 1024 * 1024 + 1] }]);

        static TestCaseData Case(string what, string type, string id, EventData[] events) => new TestCaseData(type, id, events).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Malformed))]
    public void AppendAsync_OfMalformedEvents_ThrowsArgumentException(string type, string id, EventData[] events) =>
        Assert.That(
            () => Store.AppendAsync(type, id, ExpectedVersion.Any, events),
            Throws.InstanceOf<ArgumentException>().With.Message.Not.Empty);

    [Test]
    public void AppendAsync_BeyondTheGreatestVersion_ThrowsArgumentException() =>
        Assert.That(() => Store.AppendAsync("Order", Id, ExpectedVersion.Exact(long.MaxValue), Events(1)), Throws.ArgumentException);

    [Test]
    public void AppendAsync_Cancelled_Throws() =>
        Assert.That(
            () => Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1), cancellationToken: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public async Task AppendAsync_ByManyToOneAggregate_GivesRisingPositionsToRisingVersions()
    {
        const int Appenders = 8, Appends = 25;
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Appends; i++)
            {
                await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(i % 3 + 1));
            }
        })));

        IReadOnlyList<PersistedEvent> events = (await Store.ReadAggregateStreamAsync("Order", Id)).Events;
        Assert.That(events.Select(e => e.AggregateVersion), Is.EqualTo(Enumerable.Range(1, events.Count)));
        Assert.That(events.Select(e => e.GlobalPosition), Is.Ordered.Ascending);
    }

    [Test]
    public async Task AppendAsync_ByManyAtTheSameVersion_LetsExactlyOneThrough()
    {
        await Store.AppendAsync("Order", Id, ExpectedVersion.NoStream, Events(1));
        bool[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                await Store.AppendAsync("Order", Id, ExpectedVersion.Exact(1), Events(1));
                return true;
            }
            catch (ConcurrencyException)
            {
                return false;
            }
        })));

        Assert.That(outcomes.Count(won => won), Is.EqualTo(1));
        Assert.That((await Store.ReadAggregateStreamAsync("Order", Id)).Version, Is.EqualTo(2));
    }
}
