using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>What a page holds, and where it says that it ends.</summary>
public sealed class EventPageTests : EventLogFixture
{
    private NpgsqlConnection _writer = null!;

    [SetUp]
    public async Task OpenWriter() => _writer = await OpenAsync();

    [Test]
    public async Task ReadAsync_EmptyLog_IsEmpty()
    {
        EventPage page = await ReadAsync();

        Assert.That(page.IsEmpty);
        Assert.That(page.Events, Is.Empty);
    }

    [Test]
    public async Task ReadAsync_MoreThanThePageTakes_EndsAtItsLastEvent()
    {
        await InsertManyAsync(_writer, 25);

        EventPage page = await Log.ReadAsync(Request(maxCount: 10), CancellationToken.None);

        Assert.That(page.Events, Has.Count.EqualTo(10));
        Assert.That(page.To, Is.EqualTo(page.Events[^1].GlobalPosition));
    }

    [Test]
    public async Task ReadAsync_SlotsOfSeveralReaders_EveryEventOnce()
    {
        await InsertManyAsync(_writer, 1_000);
        var seen = new List<long>();
        for (int partition = 0; partition < 3; partition++)
        {
            SlotRange slots = SlotRange.OfPartition(partition, 3);
            EventPage page = await Log.ReadAsync(Request(slots: slots), CancellationToken.None);
            Assert.That(page.EventSlots, Has.Count.EqualTo(page.Events.Count));
            Assert.That(page.EventSlots, Is.All.InRange(slots.From, slots.To - 1));
            Assert.That(page.To, Is.EqualTo(1_000), "the last event of any slot");
            seen.AddRange(page.Events.Select(e => e.GlobalPosition));
        }

        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(1, 1_000)));
    }

    [Test]
    public async Task ReadAsync_Filter_OnlyWhatMatchesAndToTheEnd()
    {
        await InsertAsync(_writer, "a", aggregateType: "Order", eventType: "Placed");
        await InsertAsync(_writer, "a", aggregateType: "Order", eventType: "Paid");
        long last = await InsertAsync(_writer, "b", aggregateType: "User", eventType: "Placed");

        EventPage both = await Log.ReadAsync(Request(filter: EventFilter.Of(["Order"], ["Placed"])), CancellationToken.None);
        EventPage none = await Log.ReadAsync(Request(filter: EventFilter.Of([], ["Never"])), CancellationToken.None);

        Assert.That(both.Events.Select(e => e.GlobalPosition), Is.EqualTo(new[] { 1 }));
        Assert.That(both.To, Is.EqualTo(last));
        Assert.That(none.Events, Is.Empty);
        Assert.That(none.To, Is.EqualTo(last), "who wants nothing of this log still moves on");
    }

    [Test]
    public async Task ReadAsync_LastPositionsRolledBack_EndsAtAnEventNotAtTheSequence()
    {
        long last = await InsertAsync(_writer);
        await using (NpgsqlTransaction gap = await _writer.BeginTransactionAsync())
        {
            await InsertManyAsync(_writer, 50);
            await gap.RollbackAsync();
        }

        EventPage page = await ReadAsync();
        EventPage next = await ReadAsync(page.To);

        Assert.That(page.To, Is.EqualTo(last));
        Assert.That(next.IsEmpty);
    }

    [Test]
    public async Task ReadAsync_GapWiderThanOneQueryLooksAt_ReadsBehindIt()
    {
        await InsertAsync(_writer);
        await ExecuteAsync(_writer, "SELECT setval('events_global_position_seq', 1600000)");
        long behind = await InsertAsync(_writer);

        EventPage page = await ReadAsync(from: 1);

        Assert.That(page.Events.Single().GlobalPosition, Is.EqualTo(behind));
    }

    [TestCase(10)]
    [TestCase(1_000)]
    public async Task ReadAsync_LargeEvents_CutsByBytesAndLosesNothing(int maxCount)
    {
        for (int i = 0; i < 12; i++)
        {
            await InsertAsync(_writer, "large", bytes: i % 3 == 0 ? 400_000 : 10);
        }

        var seen = new List<long>();
        long from = 0;
        while (await Log.ReadAsync(Request(from, maxCount: maxCount, maxBytes: 500_000), CancellationToken.None) is { IsEmpty: false } page)
        {
            Assert.That(page.Events.Sum(e => e.Payload.Length), Is.LessThan(500_000 + 400_000));
            seen.AddRange(page.Events.Select(e => e.GlobalPosition));
            from = page.To;
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 12)));
    }

    [Test]
    public async Task ReadAsync_EventLargerThanThePage_ComesAlone()
    {
        await InsertAsync(_writer, bytes: 50_000);
        await InsertAsync(_writer, bytes: 50_000);

        EventPage page = await Log.ReadAsync(Request(maxBytes: 1), CancellationToken.None);

        Assert.That(page.Events, Has.Count.EqualTo(1));
        Assert.That(page.To, Is.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_SmallEventsThenLargeOnes_CutsInEitherWayOfReading()
    {
        await InsertManyAsync(_writer, 100);
        await Log.ReadAsync(Request(), CancellationToken.None);
        for (int i = 0; i < 5; i++)
        {
            await InsertAsync(_writer, "large", bytes: 100_000);
        }

        // The first of these pages is read without measuring, since events were small; the second with.
        EventPage first = await Log.ReadAsync(Request(from: 100, maxBytes: 150_000), CancellationToken.None);
        EventPage second = await Log.ReadAsync(Request(from: first.To, maxBytes: 150_000), CancellationToken.None);

        Assert.That(first.Events.Select(e => e.GlobalPosition), Is.EqualTo(new[] { 101, 102 }));
        Assert.That(second.Events.Select(e => e.GlobalPosition), Is.EqualTo(new[] { 103, 104 }));
    }

    [Test]
    public async Task ReadAsync_EveryColumn_ComesBack()
    {
        await ExecuteAsync(
            _writer,
            """
            INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at)
            VALUES ('T"', 'é''\ 😀', 7, '00000000-0000-0000-0000-000000000001', 'E', 3, '\x00ff', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000003',
                    '00000000-0000-0000-0000-000000000004', '{"a": 1}', '2026-01-02 03:04:05.678901+00')
            """);

        Orchestrator.Events.PersistedEvent e = (await ReadAsync()).Events.Single();

        Assert.That(e.AggregateType, Is.EqualTo("T\""));
        Assert.That(e.AggregateId, Is.EqualTo("é'\\ 😀"));
        Assert.That(e.AggregateVersion, Is.EqualTo(7));
        Assert.That(e.EventId, Is.EqualTo(Id(1)));
        Assert.That(e.EventVersion, Is.EqualTo(3));
        Assert.That(e.Payload.ToArray(), Is.EqualTo(new byte[] { 0, 255 }));
        Assert.That(new[] { e.TraceId, e.CorrelationId, e.CausationId }, Is.EqualTo(new Guid?[] { Id(2), Id(3), Id(4) }));
        Assert.That(e.Metadata, Is.EqualTo("{\"a\": 1}"));
        Assert.That(e.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero)));
    }

    [Test]
    public async Task ReadAsync_AnyPage_IsAsOldAsItsHorizon()
    {
        await InsertManyAsync(_writer, 100);
        long before = TimeProvider.System.GetTimestamp();
        EventPage first = await Log.ReadAsync(Request(maxCount: 10), CancellationToken.None);
        EventPage second = await Log.ReadAsync(Request(from: first.To, maxCount: 10), CancellationToken.None);

        Assert.That(first.ReadAt, Is.GreaterThanOrEqualTo(before));
        Assert.That(second.ReadAt, Is.GreaterThanOrEqualTo(first.ReadAt));
        Assert.That(second.ReadAt, Is.EqualTo(Log.Horizon.Latest!.ReadAt));
    }

    [TestCase("any")]
    [TestCase(null)]
    public async Task ReadAsync_SeveralHosts_Reads(string? asked)
    {
        await InsertAsync(_writer);
        var several = new NpgsqlConnectionStringBuilder(LogConnectionString);
        several.Host = $"{several.Host},{several.Host}";
        several.TargetSessionAttributes = asked;
        await using var connections = new PostgreSqlConnections(new PostgreSqlOptions { ConnectionString = several.ConnectionString }, TimeProvider.System);
        await using var log = new PostgreSqlEventLog(connections, Sql, new LogHistory(), TimeProvider.System, NullLogger<PostgreSqlEventLog>.Instance);

        EventPage page = await log.ReadAsync(Request(), CancellationToken.None);

        Assert.That(page.Events, Has.Count.EqualTo(1));
    }

    private static Guid Id(int n) => new($"00000000-0000-0000-0000-{n:D12}");
}
