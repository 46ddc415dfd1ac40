using Orchestrator.Testing.Shared;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>The page of a running host, as a real Prometheus takes it.</summary>
public sealed class PrometheusTests
{
    private const int Appended = 250;

    private CountingHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!PrometheusServer.IsInstalled)
        {
            Assert.Ignore("Prometheus is not installed (Debian's package: prometheus); no real one reads the metrics page.");
        }

        _host = await CountingHost.StartAsync();
        await _host.AppendAsync(Appended);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    [Test]
    public async Task Page_Promtool_HasNoComplaint()
    {
        using var client = new HttpClient { BaseAddress = _host.Address };
        string[] expected = ["orchestrator_retries_total{", "orchestrator_worker_state{", "orchestrator_batch_size_bucket{", $"projection=\"All\",replica_set=\"main\"}} {Appended}\n", "http_server_request_duration_seconds_bucket{"];
        string page = "";
        await Eventually.HoldsAsync(async () => (page = await client.GetStringAsync("/metrics")) is { } text && expected.All(text.Contains), "every kind of metric is on the page");

        Assert.That(await Promtool.CheckMetricsAsync(page), Is.Empty);
    }

    [Test]
    public async Task Prometheus_ScrapesTheHost_AnswersWithWhatHappened()
    {
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(_host.Address.Authority);

        await Eventually.HoldsAsync(async () => await prometheus.QueryAsync("up{job=\"orchestrator\"}") == 1, "the host is up");
        await Eventually.HoldsAsync(async () => await prometheus.QueryAsync("orchestrator_events_processed_total{replica_set=\"main\",projection=\"All\"}") == Appended, "every event is counted");
        Assert.That(await prometheus.QueryAsync("sum(orchestrator_batch_size_sum{projection=\"All\"})"), Is.EqualTo(Appended));
        Assert.That(await prometheus.QueryAsync("sum(orchestrator_batch_size_bucket{projection=\"All\",le=\"+Inf\"}) - sum(orchestrator_batch_size_count{projection=\"All\"})"), Is.Zero);
        Assert.That(await prometheus.QueryAsync("sum(orchestrator_worker_state{state=\"active\"})"), Is.EqualTo(1));
        Assert.That(await prometheus.QueryAsync("sum(orchestrator_events_processed_total{projection=\"Failing\"})"), Is.Null.Or.Zero);
        Assert.That(await prometheus.QueryAsync("sum(orchestrator_projection_errors_total{projection=\"Failing\"})"), Is.Positive);
        Assert.That(_host.GivenToPrometheus, Is.Not.Empty.And.All.EqualTo(MetricsSite.OpenMetrics));
    }
}
