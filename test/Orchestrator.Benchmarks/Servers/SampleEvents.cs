using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>Events like those of an ordinary application: a small JSON payload of 120 bytes.</summary>
internal static class SampleEvents
{
    private const int Chunk = 1_000;
    private const int Aggregates = 10_000;

    private static readonly byte[] Payload =
        """{"orderId":"0190b2a4-7a1c-7d7e-8f5e-5a4d1c9b7e10","sku":"ABC-1234567","quantity":3,"price":"129.95","currency":"EUR"}"""u8.ToArray();

    public static EventData Create() => new("OrderLineAdded", Payload);

    /// <summary>Fills a log: a thousand aggregates at a time, 10,000 in all, in turns.</summary>
    /// <returns>The last event's position.</returns>
    public static async Task<long> AppendLogAsync(BenchmarkDatabase database, int events, CancellationToken cancellationToken)
    {
        long last = 0;
        for (int done = 0; done < events; done += Chunk)
        {
            int start = done;
            IEnumerable<AggregateAppend> appends = Enumerable.Range(start, Math.Min(Chunk, events - start))
                .Select(index => new AggregateAppend("Order", Id(index % Aggregates), ExpectedVersion.Any, [Create()]));
            last = (await database.Store.AppendBulkAsync([.. appends], cancellationToken: cancellationToken))[^1].LastPosition;
        }

        await database.ExecuteAsync("VACUUM ANALYZE events", cancellationToken);
        return last;
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"order-{number:00000}");
}
