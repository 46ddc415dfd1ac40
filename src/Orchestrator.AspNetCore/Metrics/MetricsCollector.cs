using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>Owns the meter provider behind the endpoint, and collects for one scrape at a time. Scrapes that wait meanwhile share the next page.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly Dictionary<MetricsFormat, (long BegunAt, ReadOnlyMemory<byte> Content)> _pages = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PageExporter _exporter = new();
    private readonly MeterProvider _provider;
    private readonly TimeProvider _time;

    /// <summary>Begins to listen.</summary>
    /// <param name="meters">The host's: meters of other hosts in this process are not ours to show.</param>
    /// <param name="configurations">What the application adds.</param>
    /// <param name="time">Orders scrapes and collections.</param>
    public MetricsCollector(IMeterFactory meters, IEnumerable<MetricsConfiguration> configurations, TimeProvider time)
    {
        _time = time;
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter(OrchestratorTelemetry.MeterName)
            .AddView(instrument => instrument.Meter.Scope is IMeterFactory owner && owner != meters ? MetricStreamConfiguration.Drop : null)
            .AddReader(new BaseExportingMetricReader(_exporter));
        foreach (MetricsConfiguration configuration in configurations)
        {
            configuration.Configure(builder);
        }

        _provider = builder.Build();
    }

    /// <summary>A page whose collection began after this call.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="cancellationToken">Ends the wait for the scrapes before this one.</param>
    /// <exception cref="InvalidOperationException">The SDK could not collect.</exception>
    public async Task<ReadOnlyMemory<byte>> CollectAsync(MetricsFormat format, CancellationToken cancellationToken)
    {
        long askedAt = _time.GetTimestamp();
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_pages.TryGetValue(format, out (long BegunAt, ReadOnlyMemory<byte> Content) page) || page.BegunAt <= askedAt)
            {
                page = (_time.GetTimestamp(), _exporter.CollectPage(format));
                _pages[format] = page;
            }

            return page.Content;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _turn.Dispose();
    }
}
