using System.Globalization;
using Npgsql;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>The product's reader and a naive one, which takes whatever lies behind its position, side by side on a log that is appended to in every awkward way.</summary>
public sealed class AdversarialAppendTests : EventLogFixture
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    [Test]
    public async Task ReadAsync_AdversarialAppenders_SkipsNothingWhileANaiveReaderDoes()
    {
        using var appending = new CancellationTokenSource(Duration);
        using var reading = new CancellationTokenSource();
        Task[] appenders = [.. Enumerable.Range(0, 10).Select(i => AdversarialAppender.RunAsync(LogConnectionString, i, appending.Token))];
        Task<List<Seen>> product = ReadProductAsync(reading.Token);
        Task<List<Seen>> naive = ReadNaivelyAsync(reading.Token);
        await Task.WhenAll(appenders);
        List<Seen> log = await ReadTableAsync();
        await reading.CancelAsync();
        List<Seen> seen = await product;
        List<Seen> naivelySeen = await naive;

        int naiveSkips = log.Except(naivelySeen).Count();
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{log.Count} events; product skipped {log.Except(seen).Count()}, twice {seen.Count - seen.Distinct().Count()}, out of order {Disorder(seen)}; naive skipped {naiveSkips}, out of order {Disorder(naivelySeen)}"));
        Assert.That(log.Except(seen), Is.Empty, "skipped");
        Assert.That(seen.Count, Is.EqualTo(log.Count), "twice, or never committed");
        Assert.That(seen.Select(e => e.Position), Is.Ordered);
        Assert.That(Disorder(seen), Is.Zero, "an aggregate's versions must rise by one");
        Assert.That(naiveSkips, Is.Positive, "the appenders must provoke the fault, or the test shows nothing");
    }

    private async Task<List<Seen>> ReadProductAsync(CancellationToken stop)
    {
        var seen = new List<Seen>();
        long position = 0;
        while (true)
        {
            bool last = stop.IsCancellationRequested;
            EventPage page = await Log.ReadAsync(Request(position, maxCount: 200), CancellationToken.None);
            seen.AddRange(page.Events.Select(e => new Seen(e.GlobalPosition, e.AggregateId, e.AggregateVersion)));
            position = page.To;
            if (page.IsEmpty && last)
            {
                return seen;
            }

            if (page.IsEmpty)
            {
                await Log.WaitAsync(position, TimeSpan.FromMilliseconds(10), CancellationToken.None);
            }
        }
    }

    private async Task<List<Seen>> ReadNaivelyAsync(CancellationToken stop)
    {
        NpgsqlConnection connection = await OpenAsync();
        var seen = new List<Seen>();
        while (true)
        {
            bool last = stop.IsCancellationRequested;
            List<Seen> page = await QueryAsync(connection, $"SELECT global_position, aggregate_id, aggregate_version FROM events WHERE global_position > {(seen.Count > 0 ? seen[^1].Position : 0)} ORDER BY 1 LIMIT 200");
            seen.AddRange(page);
            if (page.Count == 0 && last)
            {
                return seen;
            }

            if (page.Count == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task<List<Seen>> ReadTableAsync() => await QueryAsync(await OpenAsync(), "SELECT global_position, aggregate_id, aggregate_version FROM events ORDER BY 1");

    private static async Task<List<Seen>> QueryAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<Seen>();
        while (await reader.ReadAsync())
        {
            rows.Add(new Seen(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return rows;
    }

    private static int Disorder(List<Seen> seen)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        int disorder = 0;
        foreach (Seen e in seen)
        {
            disorder += e.Version == versions.GetValueOrDefault(e.AggregateId) + 1 ? 0 : 1;
            versions[e.AggregateId] = e.Version;
        }

        return disorder;
    }

    private sealed record Seen(long Position, string AggregateId, long Version);
}
