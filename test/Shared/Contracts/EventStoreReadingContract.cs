using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Events;

namespace Orchestrator.Contracts;

/// <summary>What every event store gives back of what was appended. Each provider derives a fixture from it; each test works on aggregates of its own.</summary>
public abstract class EventStoreReadingContract
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>The store under test; one log for the whole fixture.</summary>
    protected abstract IEventStore Store { get; }

    /// <summary>An aggregate id of the running test's own.</summary>
    protected string Id => $"{_id}-{TestContext.CurrentContext.Test.ID}";

    protected static EventData Event(string type = "Happened", string payload = "{}") => new(type, Encoding.UTF8.GetBytes(payload));

    protected static EventData[] Events(int count) => [.. Enumerable.Range(1, count).Select(i => Event($"Happened{i}", $"{i}"))];

    [Test]
    public async Task AppendAsync_OfHostileText_KeepsItUnchanged()
    {
        const string Hostile = "it's \"quoted\" \\ back\tslash\nline\r\n{brace} => $1 %s '; DROP TABLE events; -- é 漢字 👩‍👩‍👧 \u0001\u007f";
        EventData data = Event(Hostile, Hostile) with { Metadata = new JsonObject { [Hostile] = Hostile }.ToJsonString() };

        await Store.AppendAsync(Hostile, Id + Hostile, ExpectedVersion.NoStream, [data]);

        PersistedEvent read = (await Store.ReadAggregateStreamAsync(Hostile, Id + Hostile)).Events.Single();
        Assert.That((read.AggregateType, read.AggregateId, read.EventType), Is.EqualTo((Hostile, Id + Hostile, Hostile)));
        Assert.That(Encoding.UTF8.GetString(read.Payload.Span), Is.EqualTo(Hostile));
        Assert.That((string?)JsonNode.Parse(read.Metadata!)![Hostile], Is.EqualTo(Hostile));
    }

    [Test]
    public async Task AppendAsync_OfTheLongestNames_KeepsThem()
    {
        // Three bytes a character, and no two alike in a row, so that nothing can be compressed away.
        string type = Text(200);
        string id = Id + Text(500 - Id.Length);

        await Store.AppendAsync(type, id, ExpectedVersion.NoStream, [Event(type)]);

        Assert.That((await Store.ReadAggregateStreamAsync(type, id)).Version, Is.EqualTo(1));

        static string Text(int length)
        {
            var random = new Random(length);
            return string.Create(length, random, static (span, random) =>
            {
                foreach (ref char c in span)
                {
                    c = (char)random.Next(0x4e00, 0x9fff);
                }
            });
        }
    }

    [Test]
    public async Task AppendAsync_WithEveryProperty_ReadsThemBack()
    {
        var createdAt = new DateTimeOffset(2024, 2, 29, 23, 59, 58, 123, 456, TimeSpan.FromHours(5.5));
        EventData data = Event() with
        {
            EventVersion = 7,
            TraceId = Guid.NewGuid(),
            CorrelationId = Guid.NewGuid(),
            CausationId = Guid.NewGuid(),
            Metadata = """{"user":"å","n":[1,2.50,null,true]}""",
            CreatedAt = createdAt,
        };

        AppendResult result = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, [data]);

        PersistedEvent read = (await Store.ReadAggregateStreamAsync("Order", Id)).Events.Single();
        Assert.That(
            (read.GlobalPosition, read.AggregateVersion, read.EventId, read.EventVersion, read.TraceId, read.CorrelationId, read.CausationId),
            Is.EqualTo((result.LastPosition, 1L, data.EventId, 7, data.TraceId, data.CorrelationId, data.CausationId)));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(read.Metadata!), JsonNode.Parse(data.Metadata)), Is.True, read.Metadata);
        Assert.That(read.CreatedAt, Is.EqualTo(createdAt));
    }

    [Test]
    public async Task AppendAsync_WithTheLeastProperties_LeavesTheOthersEmpty()
    {
        await Store.AppendAsync("Order", Id, ExpectedVersion.Any, [new EventData("Happened", default)]);

        PersistedEvent read = (await Store.ReadAggregateStreamAsync("Order", Id)).Events.Single();
        Assert.That(read.Payload.Length, Is.Zero);
        Assert.That((read.EventVersion, read.TraceId, read.CorrelationId, read.CausationId, read.Metadata), Is.EqualTo((1, (Guid?)null, (Guid?)null, (Guid?)null, (string?)null)));
        Assert.That(read.CreatedAt, Is.GreaterThan(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [TestCase(1, null, new[] { 1, 2, 3, 4, 5 })]
    [TestCase(3, null, new[] { 3, 4, 5 })]
    [TestCase(2, 4, new[] { 2, 3, 4 })]
    [TestCase(5, 5, new[] { 5 })]
    [TestCase(6, null, new int[0])]
    [TestCase(4, 3, new int[0])]
    public async Task ReadAggregateStreamAsync_OfARange_ReturnsItWithTheWholeStreamsVersion(long from, long? to, int[] versions)
    {
        await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(5));

        AggregateStream stream = await Store.ReadAggregateStreamAsync("Order", Id, from, to);

        Assert.That(stream.Events.Select(e => e.AggregateVersion), Is.EqualTo(versions));
        Assert.That(stream.Events.Select(e => e.EventType), Is.EqualTo(versions.Select(v => $"Happened{v}")));
        Assert.That((stream.AggregateType, stream.AggregateId, stream.Version), Is.EqualTo(("Order", Id, 5L)));
        Assert.That(stream.ExpectedVersion, Is.EqualTo(ExpectedVersion.Exact(5)));
    }

    [Test]
    public async Task ReadAggregateStreamAsync_OfAnUnknownAggregate_IsEmpty()
    {
        AggregateStream stream = await Store.ReadAggregateStreamAsync("Order", Id);

        Assert.That((stream.Version, stream.Events.Count, stream.ExpectedVersion), Is.EqualTo((0L, 0, ExpectedVersion.NoStream)));
    }

    [Test]
    public void ReadAggregateStreamAsync_FromVersionZero_Throws() =>
        Assert.That(() => Store.ReadAggregateStreamAsync("Order", Id, fromVersion: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task ReadAllAsync_AfterAPosition_ReturnsTheNextOnesInOrder()
    {
        AppendResult before = await Store.AppendAsync("Order", Id, ExpectedVersion.Any, Events(1));
        AppendResult first = await Store.AppendAsync("Order", Id + "b", ExpectedVersion.Any, Events(2));
        AppendResult second = await Store.AppendAsync("Order", Id + "a", ExpectedVersion.Any, Events(2));

        IReadOnlyList<PersistedEvent> all = await Store.ReadAllAsync(before.LastPosition, 10);
        IReadOnlyList<PersistedEvent> some = await Store.ReadAllAsync(before.LastPosition, 3);

        long[] positions = [.. first.Positions, .. second.Positions];
        Assert.That(all.Select(e => e.GlobalPosition), Is.EqualTo(positions));
        Assert.That(some.Select(e => e.GlobalPosition), Is.EqualTo(positions[..3]));
        Assert.That(await Store.ReadAllAsync(second.LastPosition, 10), Is.Empty);
    }

    [TestCase(-1, 1)]
    [TestCase(0, 0)]
    public void ReadAllAsync_WithArgumentsOutOfRange_Throws(long after, int count) =>
        Assert.That(() => Store.ReadAllAsync(after, count), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
