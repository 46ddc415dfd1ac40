using System.Diagnostics;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>Eight clients that together append half as fast as they could while somebody applies what they append.</summary>
/// <param name="rate">How many events a second that is.</param>
/// <param name="duration">For how long.</param>
internal sealed class HalfLoad(double rate, TimeSpan duration)
{
    /// <summary>How many clients there are.</summary>
    public const int Clients = 8;

    /// <summary>What it is called in results.</summary>
    public string Name => $"half of the most, {Math.Round(rate, 0):0} events/s";

    /// <summary>Finds the greatest rate, and halves it.</summary>
    /// <param name="store">Where to append.</param>
    /// <param name="duration">How long to try, and how long the load is to last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<HalfLoad> FindAsync(IEventStore store, TimeSpan duration, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int[] appended = await Task.WhenAll(Enumerable.Range(0, Clients).Select(AppendAsync));
        return new HalfLoad(appended.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds / 2, duration);

        async Task<int> AppendAsync(int client)
        {
            int count = 0;
            for (; Stopwatch.GetElapsedTime(start) < duration; count++)
            {
                await store.AppendAsync("Order", $"most-{client}", ExpectedVersion.Any, [SampleEvents.Create()], cancellationToken: cancellationToken);
            }

            return count;
        }
    }

    /// <summary>Loads.</summary>
    /// <param name="applied">Where it is seen that an event has been applied.</param>
    /// <param name="append">Appends an event for a client.</param>
    /// <param name="notify">Tells of it, where the append does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Milliseconds from the append's return to the commit that applied it: p50 and p99.</returns>
    public async Task<double[]> MeasureAsync(AppliedEvents applied, Func<int, EventData, Task> append, Func<Task> notify, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<Task<double>>[] latencies = await Task.WhenAll(Enumerable.Range(0, Clients).Select(RunClientAsync));
        double[] milliseconds = await Task.WhenAll(latencies.SelectMany(each => each)).WaitAsync(cancellationToken);
        return [Statistics.Percentile(milliseconds, 0.5), Statistics.Percentile(milliseconds, 0.99)];

        async Task<IReadOnlyList<Task<double>>> RunClientAsync(int client)
        {
            var seen = new List<Task<double>>();
            TimeSpan pause = TimeSpan.FromSeconds(Clients / rate);
            for (TimeSpan next = pause * client / Clients; next < duration; next += pause)
            {
                // A client that is behind its plan makes up for it.
                TimeSpan early = next - Stopwatch.GetElapsedTime(start);
                await (early > TimeSpan.Zero ? Task.Delay(early, TimeProvider.System, cancellationToken) : Task.CompletedTask);
                EventData e = SampleEvents.Create();
                Task<long> commit = applied.Expect(e.EventId);
                await append(client, e);
                seen.Add(SinceAsync(Stopwatch.GetTimestamp(), commit));
                await notify();
            }

            return seen;
        }
    }

    private static async Task<double> SinceAsync(long appended, Task<long> seen) => Stopwatch.GetElapsedTime(appended, await seen).TotalMilliseconds;
}
