using System.Globalization;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests.Appending;

/// <summary>
/// Clients that append at the same time, each in its own way at random: at once, in bulk, in a transaction that stays open for a while, in one that is rolled back, behind a savepoint.
/// When the server goes away they wait for it to come back.
/// </summary>
internal sealed class Appenders(IEventStore store, NpgsqlDataSource dataSource, int clients, int seed)
{
    private const int AggregatesEach = 12;

    /// <summary>Appends until told to stop.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(client, stop), CancellationToken.None)));

    private async Task RunClientAsync(int client, CancellationToken stop)
    {
        var random = new Random(seed + client);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await AppendAsync(client, random);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(8)), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or EventStoreException)
            {
                // The server was restarted under the append. Whether it took effect does not matter: what counts is what the log holds in the end.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private Task AppendAsync(int client, Random random) => random.Next(10) switch
    {
        < 5 => store.AppendAsync("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(random.Next(1, 4))),
        < 7 => store.AppendBulkAsync([.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => new AggregateAppend("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(random.Next(1, 4))))]),
        < 8 => InTransactionAsync(client, random, openFor: random.Next(20, 400), commit: true),
        < 9 => InTransactionAsync(client, random, openFor: random.Next(5, 100), commit: false),
        _ => BehindSavepointAsync(client, random),
    };

    private async Task InTransactionAsync(int client, Random random, int openFor, bool commit)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await store.AppendAsync("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(random.Next(1, 6)), transaction);
        await Task.Delay(TimeSpan.FromMilliseconds(openFor), TimeProvider.System, CancellationToken.None);
        await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
    }

    private async Task BehindSavepointAsync(int client, Random random)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await store.AppendAsync("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(2), transaction);
        await transaction.SaveAsync("undone");
        await store.AppendAsync("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(3), transaction);
        await transaction.RollbackAsync("undone");
        await store.AppendAsync("Thing", Aggregate(client, random), ExpectedVersion.Any, Events(1), transaction);
        await transaction.CommitAsync();
    }

    // Each client has aggregates of its own: transactions that stay open must not deadlock each other.
    private static string Aggregate(int client, Random random) => string.Create(CultureInfo.InvariantCulture, $"thing-{client}-{random.Next(AggregatesEach)}");

    private static EventData[] Events(int count) => [.. Enumerable.Range(0, count).Select(_ => new EventData("Happened", "{}"u8.ToArray()))];
}
