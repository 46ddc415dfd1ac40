using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.MicroBenchmarks;

/// <summary>Events like those of an ordinary application: a small JSON payload of 120 bytes, a thousand aggregates in turns.</summary>
internal static class SampleEvents
{
    private const int Aggregates = 1_000;

    private static readonly byte[] Payload =
        """{"orderId":"0190b2a4-7a1c-7d7e-8f5e-5a4d1c9b7e10","sku":"ABC-1234567","quantity":3,"price":"129.95","currency":"EUR"}"""u8.ToArray();

    /// <summary>Appends events.</summary>
    public static async Task AppendAsync(IEventStore store, int events)
    {
        foreach (int[] chunk in Enumerable.Range(0, events).Chunk(Aggregates))
        {
            await store.AppendBulkAsync([.. chunk.Select(number => new AggregateAppend("Order", Id(number), ExpectedVersion.Any, [new EventData("OrderLineAdded", Payload)]))]);
        }
    }

    /// <summary>An event as the log gives it.</summary>
    public static PersistedEvent At(long position) => new()
    {
        GlobalPosition = position,
        AggregateType = "Order",
        AggregateId = Id((int)position),
        AggregateVersion = 1 + (position / Aggregates),
        EventId = Guid.Empty,
        EventType = "OrderLineAdded",
        EventVersion = 1,
        Payload = Payload,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"order-{number % Aggregates:0000}");
}
