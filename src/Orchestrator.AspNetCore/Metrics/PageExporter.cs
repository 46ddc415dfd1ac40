using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>Writes what the SDK has collected, when it is asked to. Its caller sees to it that it is asked once at a time.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PageExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private MetricsFormat _format = MetricsFormat.Text;
    private ReadOnlyMemory<byte> _page;
    private Exception? _failure;

    /// <summary>Set by the reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and writes.</summary>
    /// <param name="format">How to write.</param>
    /// <exception cref="InvalidOperationException">The SDK could not collect.</exception>
    public ReadOnlyMemory<byte> CollectPage(MetricsFormat format)
    {
        (_format, _page, _failure) = (format, default, null);
        if (Collect?.Invoke(Timeout.Infinite) != true)
        {
            throw new InvalidOperationException("The OpenTelemetry SDK could not collect the metrics; its self-diagnostics say more.", _failure);
        }

        return _page;
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        try
        {
            _page = MetricsPage.Write(batch, _format);
            return ExportResult.Success;
        }
        catch (Exception failure)
        {
            // The reader would swallow it; so the scrape throws it instead.
            _failure = failure;
            return ExportResult.Failure;
        }
    }
}
