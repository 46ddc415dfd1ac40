using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>How many effects run a second when each waits for a partner. Both sides are the product; raw is the one that runs them one by one.</summary>
internal sealed class EffectsScenario : IScenario
{
    private const int AtTheSameTime = 8;
    private static readonly TimeSpan CallTime = TimeSpan.FromMilliseconds(20);

    public string Name => "effects";

    public string Question => "Effects a second that wait 20 ms each, eight at the same time, beside the same one by one.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        int events = context.Options.Scaled(800);
        await SampleEvents.AppendLogAsync(database, events, cancellationToken);
        Comparison comparison = await PairedRuns.MeasureAsync(
            "MaxConcurrency 8 beside 1",
            Units.EventsPerSecond,
            context.Options.Runs,
            () => RunAsync(database, events, AtTheSameTime, cancellationToken),
            () => RunAsync(database, events, 1, cancellationToken));
        return [comparison with { Goal = Goal.Ratio(7) }];
    }

    private static async Task<double> RunAsync(BenchmarkDatabase database, int events, int maxConcurrency, CancellationToken cancellationToken)
    {
        var partner = new Partner(events);
        using IHost host = Worker.Create(
            database.ConnectionString,
            Worker.NewReplicaSet(),
            partner,
            replicaSet => replicaSet.AddProjection<Calls>(configure: projection => (projection.MaxConcurrency, projection.BatchSize) = (maxConcurrency, events)));
        await host.StartAsync(cancellationToken);
        double rate = await partner.Rate.WaitAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        return rate;
    }

    /// <summary>Whom the effects call: answers after a time, and measures from the first call to the last answer.</summary>
    private sealed class Partner(int calls)
    {
        private readonly TaskCompletionSource<double> _rate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _started;
        private int _answered;

        public Task<double> Rate => _rate.Task;

        public async Task CallAsync(CancellationToken cancellationToken)
        {
            Interlocked.CompareExchange(ref _started, Stopwatch.GetTimestamp(), 0);
            await Task.Delay(CallTime, TimeProvider.System, cancellationToken);
            if (Interlocked.Increment(ref _answered) == calls)
            {
                _rate.TrySetResult(calls / Stopwatch.GetElapsedTime(Interlocked.Read(ref _started)).TotalSeconds);
            }
        }
    }

    private sealed class Calls(Partner partner) : IEffectHandler
    {
        public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) => await partner.CallAsync(cancellationToken);
    }
}
