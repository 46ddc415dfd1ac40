using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Servers;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What its metrics cost a catch-up.</summary>
internal sealed class MetricsScenario : IScenario
{
    private const int BatchSize = 100;

    public string Name => "metrics";

    public string Question => "A catch-up whose metrics nobody reads, beside one without metrics; and one whose metrics somebody reads.";

    public async Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        await using BenchmarkDatabase database = await context.Server.CreateDatabaseAsync(cancellationToken);
        long last = await SampleEvents.AppendLogAsync(database, context.Options.EventsOr(200_000), cancellationToken);
        return
        [
            await PairedRuns.MeasureAsync("nobody listens; raw: without a meter", Units.EventsPerSecond, context.Options.Runs, SilentAsync, WithoutMeterAsync) with { Goal = Goal.Ratio(0.98) },
            await PairedRuns.MeasureAsync("somebody listens to every instrument; raw: nobody does", Units.EventsPerSecond, context.Options.Runs, ListenedToAsync, SilentAsync),
        ];

        Task<double> SilentAsync() => RunAsync(configure: null);

        // Where there is no meter factory, there are no instruments at all. The host itself wants one to be registered, and never uses it.
        Task<double> WithoutMeterAsync() => RunAsync(services => services.Replace(ServiceDescriptor.Singleton<IMeterFactory>(_ => null!)));

        async Task<double> ListenedToAsync()
        {
            using MeterListener listener = Listen();
            return await RunAsync(configure: null);
        }

        async Task<double> RunAsync(Action<IServiceCollection>? configure) =>
            await (await CatchUpScenario.RunProductAsync(database, last, BatchSize, lanes: 1, cancellationToken, configure)).Rate;
    }

    // As an exporter does between two exports: it adds up what comes.
    private static MeterListener Listen()
    {
        long sum = 0;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == OrchestratorTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref sum, value));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => Interlocked.Add(ref sum, value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Interlocked.Add(ref sum, (long)value));
        listener.Start();
        return listener;
    }
}
