using System.Diagnostics.Metrics;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>What stands on the page.</summary>
public sealed class MetricsPageTests
{
    private const string Scope = "otel_scope_name=\"Test.Meter\"";

    private MetricsSite _site = null!;

    [SetUp]
    public async Task StartAsync() => _site = await MetricsSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [TestCase("orders.shipped", "{order}", "orders_shipped")]
    [TestCase("orders.shipped.total", "{order}", "orders_shipped")]
    [TestCase("request.duration", "s", "request_duration_seconds", "seconds")]
    [TestCase("request.duration.seconds", "s", "request_duration_seconds", "seconds")]
    [TestCase("network.io", "By", "network_io_bytes", "bytes")]
    [TestCase("network.rate", "By/s", "network_rate_bytes_per_second", "bytes_per_second")]
    [TestCase("cpu.ratio", "1", "cpu_ratio")]
    [TestCase("odd-..__name", "{odd}ms", "odd_name_milliseconds", "milliseconds")]
    public async Task Page_Counter_IsNamedAsOpenTelemetryNamesIt(string instrument, string unit, string family, string? unitInFull = null)
    {
        _site.Meter.CreateCounter<long>(instrument, unit, "Help.").Add(5);

        string[] head = unitInFull is null ? [] : [$"# UNIT {family} {unitInFull}"];
        Assert.That((await _site.GetAsync(MetricsSite.OpenMetrics)).Lines, Is.EqualTo([$"# TYPE {family} counter", .. head, $"# HELP {family} Help.", $"{family}_total{{{Scope}}} 5", "# EOF"]));
        Assert.That((await _site.GetAsync()).Lines, Is.EqualTo([$"# TYPE {family}_total counter", $"# HELP {family}_total Help.", $"{family}_total{{{Scope}}} 5"]));
    }

    [Test]
    public async Task Page_LabelsAndHelp_AreEscaped()
    {
        _site.Meter.CreateCounter<long>("c", null, "a \"b\"\\\nc").Add(1, new("odd.key", "a \"b\"\\\nc"), new("7", true), new("ü", "ü"), new("empty", null));

        const string sample = "c_total{" + Scope + ",_7=\"true\",empty=\"\",odd_key=\"a \\\"b\\\"\\\\\\nc\",_=\"ü\"} 1";
        Assert.That((await _site.GetAsync()).Lines[1..], Is.EqualTo(["# HELP c_total a \"b\"\\\\\\nc", sample]));
        Assert.That((await _site.GetAsync(MetricsSite.OpenMetrics)).Lines[1..], Is.EqualTo(["# HELP c a \\\"b\\\"\\\\\\nc", sample, "# EOF"]));
    }

    [Test]
    public async Task Page_TwoTagsOfOneLabel_AreJoined()
    {
        _site.Meter.CreateCounter<long>("c").Add(1, new("a.b", "x"), new("a_b", "y"));

        Assert.That((await _site.GetAsync()).Lines[^1], Is.EqualTo($"c_total{{{Scope},a_b=\"x;y\"}} 1"));
    }

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "+Inf")]
    [TestCase(double.NegativeInfinity, "-Inf")]
    [TestCase(0.1, "0.1")]
    [TestCase(1e21, "1e+21")]
    [TestCase(-3.0, "-3")]
    public async Task Page_Gauge_IsWrittenInFull(double value, string expected)
    {
        _site.Meter.CreateObservableGauge("g", () => value);

        Assert.That((await _site.GetAsync()).Lines, Is.EqualTo(["# TYPE g gauge", $"g{{{Scope}}} {expected}"]));
    }

    [Test]
    public async Task Page_GaugeNoLongerReported_IsGone()
    {
        string state = "registered";
        _site.Meter.CreateObservableGauge("g", () => new Measurement<int>(1, new KeyValuePair<string, object?>("state", state)));
        await _site.GetAsync();
        state = "active";

        Assert.That((await _site.GetAsync()).Lines, Is.EqualTo(["# TYPE g gauge", $"g{{{Scope},state=\"active\"}} 1"]));
    }

    [Test]
    public async Task Page_UpDownCounter_IsAGauge()
    {
        _site.Meter.CreateUpDownCounter<int>("u").Add(-2);

        Assert.That((await _site.GetAsync()).Lines, Is.EqualTo(["# TYPE u gauge", $"u{{{Scope}}} -2"]));
    }

    [Test]
    public async Task Page_Histogram_HasCumulativeBuckets()
    {
        Histogram<double> histogram = _site.Meter.CreateHistogram("h", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 1, 2.5] });
        foreach (double value in new[] { 0.5, 1, 2, 3 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("le", "mine"));
        }

        string labels = $"{Scope},exported_le=\"mine\"";
        Assert.That((await _site.GetAsync()).Lines, Is.EqualTo([
            "# TYPE h_seconds histogram",
            $"h_seconds_bucket{{{labels},le=\"1e-05\"}} 0",
            $"h_seconds_bucket{{{labels},le=\"1.0\"}} 2",
            $"h_seconds_bucket{{{labels},le=\"2.5\"}} 3",
            $"h_seconds_bucket{{{labels},le=\"+Inf\"}} 4",
            $"h_seconds_sum{{{labels}}} 6.5",
            $"h_seconds_count{{{labels}}} 4",
        ]));
    }

    [Test]
    public async Task Page_HistogramWithoutBuckets_HasTheOneOfAll()
    {
        _site.Meter.CreateHistogram("h", null, null, null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [] }).Record(7);

        Assert.That((await _site.GetAsync()).Lines[1], Is.EqualTo($"h_bucket{{{Scope},le=\"+Inf\"}} 1"));
    }
}
