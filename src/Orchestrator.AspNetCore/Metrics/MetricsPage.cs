using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>Writes one collection as a page. Samples have no timestamps: the scrape's is the right one.</summary>
internal sealed class MetricsPage
{
    private const string BucketBound = "le";

    private readonly PageWriter _page = new();
    private readonly bool _openMetrics;

    private MetricsPage(MetricsFormat format) => _openMetrics = format == MetricsFormat.OpenMetrics;

    /// <summary>Writes a page.</summary>
    /// <param name="metrics">What was collected.</param>
    /// <param name="format">How to write it.</param>
    public static ReadOnlyMemory<byte> Write(in Batch<Metric> metrics, MetricsFormat format)
    {
        // All samples of a name must stand together, also where several meters have it.
        var families = new Dictionary<string, List<(MetricFamily Family, Metric Metric)>>(StringComparer.Ordinal);
        foreach (Metric metric in metrics)
        {
            if (MetricFamily.Of(metric) is { } family && !families.TryAdd(family.Name, [(family, metric)]))
            {
                families[family.Name].Add((family, metric));
            }
        }

        var page = new MetricsPage(format);
        foreach (List<(MetricFamily Family, Metric Metric)> members in families.Values)
        {
            page.WriteFamily(members);
        }

        return (page._openMetrics ? page._page.Write("# EOF\n") : page._page).Page;
    }

    // Two kinds under one name are no valid page: the first one stays.
    private void WriteFamily(List<(MetricFamily Family, Metric Metric)> members)
    {
        (MetricFamily family, Metric first) = members[0];
        WriteHead(family, first.Description);
        foreach ((_, Metric metric) in members.Where(member => member.Family == family))
        {
            WriteSamples(family, metric);
        }
    }

    private void WriteHead(MetricFamily family, string description)
    {
        string name = _openMetrics ? family.Name : family.SampleName;
        _page.Write("# TYPE ").Write(name).Write(" ").Write(family.Type).Write("\n");
        if (_openMetrics && family.Unit.Length > 0)
        {
            _page.Write("# UNIT ").Write(name).Write(" ").Write(family.Unit).Write("\n");
        }

        if (description.Length > 0)
        {
            _page.Write("# HELP ").Write(name).Write(" ").WriteEscaped(description, quotes: _openMetrics).Write("\n");
        }
    }

    private void WriteSamples(MetricFamily family, Metric metric)
    {
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            List<KeyValuePair<string, string>> labels = Labels(metric, point.Tags, family.Type == "histogram");
            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(family, labels, point);
                continue;
            }

            _page.Write(family.SampleName).WriteLabels(labels).Write(" ");
            _ = metric.MetricType switch
            {
                MetricType.LongSum or MetricType.LongSumNonMonotonic => _page.Write(point.GetSumLong()),
                MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => _page.Write(point.GetSumDouble()),
                MetricType.LongGauge => _page.Write(point.GetGaugeLastValueLong()),
                _ => _page.Write(point.GetGaugeLastValueDouble()),
            };
            _page.Write("\n");
        }
    }

    private void WriteHistogram(MetricFamily family, List<KeyValuePair<string, string>> labels, MetricPoint point)
    {
        long below = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            if (double.IsFinite(bucket.ExplicitBound))
            {
                WriteBucket(family, labels, bucket.ExplicitBound, below);
            }
        }

        WriteBucket(family, labels, double.PositiveInfinity, point.GetHistogramCount());
        _page.Write(family.Name).Write("_sum").WriteLabels(labels).Write(" ").Write(point.GetHistogramSum()).Write("\n");
        _page.Write(family.Name).Write("_count").WriteLabels(labels).Write(" ").Write(point.GetHistogramCount()).Write("\n");
    }

    private void WriteBucket(MetricFamily family, List<KeyValuePair<string, string>> labels, double bound, long below) =>
        _page.Write(family.Name).Write("_bucket").WriteLabels([.. labels, new(BucketBound, PageWriter.Bound(bound))]).Write(" ").Write(below).Write("\n");

    // Two tags may become one name ("a.b" and "a_b"): their values are joined, as the specification has it. The meter is named, so that equal metrics of two meters stay apart.
    private static List<KeyValuePair<string, string>> Labels(Metric metric, ReadOnlyTagCollection tags, bool hasBuckets)
    {
        List<KeyValuePair<string, string>> labels = [new("otel_scope_name", metric.MeterName)];
        foreach ((string key, object? tag) in tags)
        {
            string name = MetricFamily.LabelName(key);
            name = hasBuckets && name == BucketBound ? "exported_le" : name;
            string value = tag is bool truth ? (truth ? "true" : "false") : Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
            int same = labels.FindIndex(label => label.Key == name);
            if (same < 0)
            {
                labels.Add(new(name, value));
            }
            else
            {
                labels[same] = new(name, $"{labels[same].Value};{value}");
            }
        }

        return labels;
    }
}
