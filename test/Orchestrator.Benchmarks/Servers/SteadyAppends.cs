using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>A client that appends an event to each of 32 aggregates every 10 ms, until it is disposed: whoever owns any of them has something to do.</summary>
internal sealed class SteadyAppends : IAsyncDisposable
{
    /// <summary>How many aggregates there are.</summary>
    public const int Aggregates = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _appending;

    private SteadyAppends(IEventStore store) => _appending = AppendAsync(store);

    public static SteadyAppends Start(BenchmarkDatabase database) => new(database.Store);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _appending;
        _stop.Dispose();
    }

    private async Task AppendAsync(IEventStore store)
    {
        using var timer = new PeriodicTimer(Pause);
        while (!_stop.IsCancellationRequested)
        {
            await store.AppendBulkAsync([.. Enumerable.Range(0, Aggregates).Select(static number => new AggregateAppend("Order", Id(number), ExpectedVersion.Any, [SampleEvents.Create()]))]);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"steady-{number:00}");
}
