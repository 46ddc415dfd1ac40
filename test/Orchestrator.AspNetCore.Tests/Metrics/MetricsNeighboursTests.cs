using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>The endpoint among others: other meters, other hosts, other exporters.</summary>
public sealed class MetricsNeighboursTests
{
    [Test]
    public async Task MapOrchestratorMetrics_MetricsAreNotAdded_NamesTheWayOut()
    {
        await using WebApplication app = WebApplication.CreateBuilder().Build();

        Assert.That(() => app.MapOrchestratorMetrics(), Throws.InvalidOperationException.With.Message.Contain("AddOrchestratorMetrics()"));
    }

    [Test]
    public async Task Page_TwoMetersWithOneMetric_KeepsThemTogetherAndApart()
    {
        await using MetricsSite site = await MetricsSite.StartAsync(metrics => metrics.AddMeter("Other.Meter"));
        using Meter other = new("Other.Meter");
        site.Meter.CreateCounter<long>("c").Add(1);
        site.Meter.CreateCounter<long>("between").Add(1);
        other.CreateCounter<long>("c").Add(2);
        other.CreateObservableGauge("between", () => 3);

        Assert.That((await site.GetAsync()).Lines, Is.EqualTo([
            "# TYPE c_total counter", "c_total{otel_scope_name=\"Test.Meter\"} 1", "c_total{otel_scope_name=\"Other.Meter\"} 2",
            "# TYPE between_total counter", "between_total{otel_scope_name=\"Test.Meter\"} 1",
        ]));
    }

    [Test]
    public async Task Page_TwoHostsInOneProcess_EachShowsItsOwn()
    {
        await using MetricsSite one = await MetricsSite.StartAsync();
        await using MetricsSite two = await MetricsSite.StartAsync();
        one.Meter.CreateCounter<long>("c").Add(1);
        two.Meter.CreateCounter<long>("c").Add(2);

        Assert.That((await one.GetAsync()).Lines[^1], Does.EndWith("} 1"));
        Assert.That((await two.GetAsync()).Lines[^1], Does.EndWith("} 2"));
    }

    [Test]
    public async Task Page_HostHasAnExporterOfItsOwn_NeitherTakesFromTheOther()
    {
        await using MetricsSite site = await MetricsSite.StartAsync();
        var exporter = new SumExporter();
        using var reader = new BaseExportingMetricReader(exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Delta };
        using MeterProvider own = Sdk.CreateMeterProviderBuilder().AddMeter("Test.Meter").AddReader(reader).Build();
        Counter<long> counter = site.Meter.CreateCounter<long>("c");

        counter.Add(3);
        Assert.That((await site.GetAsync()).Lines[^1], Does.EndWith("} 3"));
        reader.Collect();
        counter.Add(4);
        reader.Collect();

        Assert.That((await site.GetAsync()).Lines[^1], Does.EndWith("} 7"));
        Assert.That(exporter.Sums, Is.EqualTo(new long[] { 3, 4 }));
    }

    [Test]
    public async Task Page_PushingExporterIsAddedToTheSameProvider_StaysTheSame()
    {
        var exporter = new SumExporter();
        using var reader = new BaseExportingMetricReader(exporter);
        await using MetricsSite site = await MetricsSite.StartAsync(metrics => metrics.AddReader(reader));
        site.Meter.CreateCounter<long>("c").Add(3);

        reader.Collect();

        Assert.That((await site.GetAsync()).Lines[^1], Does.EndWith("} 3"));
        Assert.That(exporter.Sums, Does.Contain(3));
    }

    private sealed class SumExporter : BaseExporter<Metric>
    {
        public List<long> Sums { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
                {
                    Sums.Add(point.GetSumLong());
                }
            }

            return ExportResult.Success;
        }
    }
}
