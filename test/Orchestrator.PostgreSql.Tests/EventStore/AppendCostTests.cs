using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>What an append costs: round trips, counted between client and server, and positions.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class AppendCostTests
{
    private StoreUnderTest _migrated = null!;
    private RoundTripCounter _counter = null!;
    private StoreUnderTest _counted = null!;

    private IEventStore Store => _counted.Store;

    // One connection, in which everything is prepared that is sent below.
    [SetUp]
    public async Task CreateStore()
    {
        _migrated = await StoreUnderTest.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(_migrated.Options.ConnectionString);
        _counter = new RoundTripCounter(direct.Host!, direct.Port);
        var counted = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = _counter.Port, SslMode = SslMode.Disable, MaxPoolSize = 1 };
        _counted = new StoreUnderTest(new PostgreSqlOptions { ConnectionString = counted.ConnectionString });
        await Store.AppendAsync("Order", "1", ExpectedVersion.NoStream, Events(1));
        await Store.AppendAsync("Order", "1", ExpectedVersion.Exact(1), Events(1));
    }

    [TearDown]
    public async Task DropStore()
    {
        await _counted.DisposeAsync();
        await _counter.DisposeAsync();
        await _migrated.DisposeAsync();
    }

    [Test]
    public async Task AppendAsync_OfAnyKind_TakesOneRoundTrip()
    {
        var counts = new List<int>
        {
            await CountAsync(() => Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1))),
            await CountAsync(() => Store.AppendAsync("Order", "1", ExpectedVersion.Exact(3), Events(100))),
            await CountAsync(() => Store.AppendAsync("Order", "2", ExpectedVersion.NoStream, Events(1))),
            await CountAsync(() => Store.AppendBulkAsync([.. Enumerable.Range(3, 500).Select(i => new AggregateAppend("Order", $"{i}", ExpectedVersion.NoStream, Events(2)))])),
            await InTransactionAsync(transaction => Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1), transaction)),
        };

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    [Test]
    public async Task AppendAsync_Refused_TakesOneRoundTripAndNoPosition()
    {
        EventData known = Events(1)[0];
        long before = (await Store.AppendAsync("Order", "1", ExpectedVersion.Any, [known])).LastPosition;
        var counts = new List<int>
        {
            await CountAsync(() => RefuseAsync<ConcurrencyException>("1", ExpectedVersion.Exact(2), Events(10))),
            await CountAsync(() => RefuseAsync<ConcurrencyException>("1", ExpectedVersion.NoStream, Events(1))),
            await CountAsync(() => RefuseAsync<ConcurrencyException>("unknown", ExpectedVersion.Exact(1), Events(1))),
            await CountAsync(() => RefuseAsync<DuplicateEventException>("1", ExpectedVersion.Exact(2), [known])),
            await InTransactionAsync(transaction => RefuseAsync<ConcurrencyException>("1", ExpectedVersion.Exact(2), Events(1), transaction)),
        };

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
        Assert.That((await Store.AppendAsync("Order", "1", ExpectedVersion.Exact(3), Events(1))).Positions, Is.EqualTo(new[] { before + 1 }));
    }

    // Which of the aggregates it was takes a question of its own.
    [Test]
    public async Task AppendBulkAsync_Refused_TakesTwoRoundTripsAndNoPosition()
    {
        long before = (await Store.AppendAsync("Order", "1", ExpectedVersion.Any, Events(1))).LastPosition;
        AggregateAppend[] appends = [new("Order", "new", ExpectedVersion.NoStream, Events(5)), new("Order", "1", ExpectedVersion.Exact(2), Events(5)), new("Order", "2", ExpectedVersion.Any, Events(5))];

        int count = await CountAsync(async () => await Assert.ThrowsAsync<ConcurrencyException>(() => Store.AppendBulkAsync(appends)));

        Assert.That(count, Is.EqualTo(2));
        Assert.That((await Store.AppendAsync("Order", "new", ExpectedVersion.NoStream, Events(1))).Positions, Is.EqualTo(new[] { before + 1 }));
    }

    private async Task RefuseAsync<TException>(string id, ExpectedVersion expected, EventData[] events, NpgsqlTransaction? transaction = null)
        where TException : Exception =>
        await Assert.ThrowsAsync<TException>(() => Store.AppendAsync("Order", id, expected, events, transaction));

    private async Task<int> InTransactionAsync(Func<NpgsqlTransaction, Task> append)
    {
        await using var connection = new NpgsqlConnection(_counted.Options.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var first = new NpgsqlCommand("SELECT", connection); // sends BEGIN along
        await first.ExecuteNonQueryAsync();
        return await CountAsync(() => append(transaction));
    }

    private async Task<int> CountAsync(Func<Task> append)
    {
        int before = _counter.Count;
        await append();
        return _counter.Count - before;
    }

    private static EventData[] Events(int count) => [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", new byte[] { 1, 2, 3 }))];
}
