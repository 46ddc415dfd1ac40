using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Documentation;

/// <summary>The table of docs/metrics.md has every instrument, as the code has it.</summary>
public sealed class MetricsPageTests
{
    private static readonly Instrument[] Instruments = Create();

    private static readonly string[][] Rows = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "metrics.md"))
        .Where(line => line.StartsWith("| `orchestrator.", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    private static IEnumerable<TestCaseData> Cases => Instruments.Select(instrument => new TestCaseData(instrument).SetArgDisplayNames(instrument.Name));

    [TestCaseSource(nameof(Cases))]
    public void Page_EveryInstrument_HasARowWithItsKindUnitAndPrometheusName(Instrument instrument)
    {
        string[]? row = Rows.SingleOrDefault(cells => cells[0] == $"`{instrument.Name}`");

        Assert.That(row, Is.Not.Null);
        Assert.That(row, Has.Length.EqualTo(6));
        Assert.That(row[1], Is.EqualTo($"`{PrometheusName(instrument)}`"));
        Assert.That(row[2], Is.EqualTo(KindOf(instrument)));
        Assert.That(row[3], Is.EqualTo($"`{instrument.Unit}`"));
        Assert.That(row[5], Does.EndWith("."));
        Assert.That(instrument.Description, Is.Not.Empty);
    }

    [Test]
    public void Page_EveryRow_IsOfAnInstrument() => Assert.That(Rows.Select(row => row[0].Trim('`')), Is.EquivalentTo(Instruments.Select(instrument => instrument.Name)));

    /// <summary>The labels that the table gives an instrument.</summary>
    internal static string[] LabelsOf(string instrument) =>
        [.. Rows.Single(row => row[0] == $"`{instrument}`")[4].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(label => label.Trim('`'))];

    // As OpenTelemetry's exporters do it: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
    private static string PrometheusName(Instrument instrument) => string.Create(
        CultureInfo.InvariantCulture,
        $"{instrument.Name.Replace('.', '_')}{(instrument.Unit == "s" ? "_seconds" : "")}{(KindOf(instrument) == "counter" ? "_total" : "")}");

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        string other => other,
    };

    private static Instrument[] Create()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters)
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        _ = new OrchestratorStatus(new OrchestratorRegistry(), new LogStatus(TimeProvider.System), new OrchestratorMetrics(meters, TimeProvider.System));
        return [.. instruments];
    }
}
