using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>In which of the two formats a page is written.</summary>
internal sealed class MetricsFormat
{
    private readonly string _version;

    private MetricsFormat(string mediaType, string version)
    {
        _version = version;
        MediaType = mediaType;
        ContentType = $"{mediaType}; version={version}; charset=utf-8";
    }

    /// <summary>https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format: for people, and for who asks for nothing else.</summary>
    public static MetricsFormat Text { get; } = new("text/plain", "0.0.4");

    /// <summary>https://prometheus.io/docs/specs/om/open_metrics_spec/: what Prometheus prefers.</summary>
    public static MetricsFormat OpenMetrics { get; } = new("application/openmetrics-text", "1.0.0");

    /// <summary>The format without its parameters.</summary>
    public string MediaType { get; }

    /// <summary>The header of the response.</summary>
    public string ContentType { get; }

    /// <summary>OpenMetrics for who names it and likes it at least as well as text; text for everybody else, also for who accepts neither: a page that says more than was asked for helps more than a 406.</summary>
    public static MetricsFormat AskedForBy(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = new RequestHeaders(request.Headers).Accept;
        double openMetrics = accepted.Where(OpenMetrics.IsNamedBy).Select(Quality).DefaultIfEmpty(0).Max();
        double text = accepted.Where(Text.IsNamedBy).Select(Quality).DefaultIfEmpty(0).Max();
        return openMetrics > 0 && openMetrics >= text ? OpenMetrics : Text;
    }

    private static double Quality(MediaTypeHeaderValue range) => range.Quality ?? 1;

    private bool IsNamedBy(MediaTypeHeaderValue range) =>
        range.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        && (range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) is not { } version
            || version.GetUnescapedValue().Equals(_version, StringComparison.Ordinal));
}
