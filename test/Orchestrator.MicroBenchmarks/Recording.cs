using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.MicroBenchmarks;

/// <summary>What a batch's metrics cost: without any instrument, with instruments that nobody listens to, and with a listener. Figures a batch, of however many events.</summary>
public class Recording
{
    private static readonly TimeSpan s_took = TimeSpan.FromMilliseconds(3);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private ProjectionStatus _status = null!;
    private long _recorded;

    /// <summary>Who is there.</summary>
    public enum Audience
    {
        NoInstruments,
        NobodyListens,
        OneListens,
    }

    [ParamsAllValues]
    public Audience With { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        OrchestratorMetrics? instruments = With == Audience.NoInstruments ? null : new OrchestratorMetrics(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        _status = new ProjectionStatus("totals", TimeProvider.System, new ReplicaSetMetrics(instruments, "main").Of("totals"));
        if (With == Audience.OneListens)
        {
            _listener.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _recorded += value);
            _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _recorded += value);
            _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _recorded += (long)value);
            _listener.Start();
        }
    }

    [Benchmark(Description = "record a batch")]
    public void Record() => _status.Committed(1_000, s_took);

    [GlobalCleanup]
    public void Stop()
    {
        _listener.Dispose();
        _services.Dispose();
    }
}
