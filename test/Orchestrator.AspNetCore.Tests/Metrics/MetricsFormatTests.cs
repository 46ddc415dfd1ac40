namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>Which of the two formats a page is written in.</summary>
public sealed class MetricsFormatTests
{
    private MetricsSite _site = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _site = await MetricsSite.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [TestCase(null)]
    [TestCase("")]
    [TestCase("*/*")]
    [TestCase("text/html,application/xhtml+xml,*/*;q=0.8")]
    [TestCase("application/json")]
    [TestCase("no media type at all;;;")]
    [TestCase("application/openmetrics-text;q=0")]
    [TestCase("application/openmetrics-text;version=0.0.1")]
    [TestCase("application/openmetrics-text;q=0.4,text/plain;q=0.5")]
    public async Task Get_OpenMetricsIsNotAskedFor_IsText(string? accept) =>
        Assert.That((await _site.GetAsync(accept)).ContentType, Is.EqualTo(MetricsSite.Text));

    [TestCase("application/openmetrics-text")]
    [TestCase("application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [TestCase("Application/OpenMetrics-Text;Version=\"1.0.0\"")]
    [TestCase("text/plain;q=0.5,application/openmetrics-text;q=0.6")]
    [TestCase("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    public async Task Get_OpenMetricsIsAskedFor_IsOpenMetrics(string accept)
    {
        (string? contentType, string[] lines) = await _site.GetAsync(accept);

        Assert.That(contentType, Is.EqualTo(MetricsSite.OpenMetrics));
        Assert.That(lines[^1], Is.EqualTo("# EOF"));
    }
}
