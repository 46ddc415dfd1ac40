using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>A client that appends an event to each of 32 aggregates, every 10 ms if nothing else is said, until it is disposed: whoever owns any of them has something to do.</summary>
internal sealed class SteadyAppends : IAsyncDisposable
{
    /// <summary>How many aggregates there are.</summary>
    public const int Aggregates = 32;

    /// <summary>The one of them whose events may take longer than others.</summary>
    public const string SlowAggregate = "steady-00";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _appending;

    private SteadyAppends(IEventStore store, TimeSpan pause) => _appending = AppendAsync(store, pause);

    public static SteadyAppends Start(BenchmarkDatabase database, int milliseconds = 10) => new(database.Store, TimeSpan.FromMilliseconds(milliseconds));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _appending;
        _stop.Dispose();
    }

    private async Task AppendAsync(IEventStore store, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        while (!_stop.IsCancellationRequested)
        {
            await store.AppendBulkAsync([.. Enumerable.Range(0, Aggregates).Select(static number => new AggregateAppend("Order", Id(number), ExpectedVersion.Any, [SampleEvents.Create()]))]);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"steady-{number:00}");
}
