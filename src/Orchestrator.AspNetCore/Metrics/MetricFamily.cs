using System.Text;
using OpenTelemetry.Metrics;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>What a metric is called on the page, by the rules of https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/.</summary>
/// <param name="Name">The name, with its unit, without what the kind of sample adds.</param>
/// <param name="Unit">The unit in full ("seconds"); empty: none.</param>
/// <param name="Type">As <c># TYPE</c> names it.</param>
internal readonly record struct MetricFamily(string Name, string Unit, string Type)
{
    private const string Total = "_total";

    private static readonly Dictionary<string, string> s_units = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["TBy"] = "terabytes",
        ["B"] = "bytes",
        ["KB"] = "kilobytes",
        ["MB"] = "megabytes",
        ["GB"] = "gigabytes",
        ["TB"] = "terabytes",
        ["m"] = "meters",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["1"] = "",
        ["%"] = "percent",
        ["$"] = "dollars",
    };

    private static readonly Dictionary<string, string> s_perUnits = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
        ["w"] = "week",
        ["mo"] = "month",
        ["y"] = "year",
    };

    /// <summary>The name of a sample without a suffix of its own: a counter's ends in <c>_total</c>.</summary>
    public string SampleName => Type == "counter" ? Name + Total : Name;

    /// <summary>The family of a metric; null: of a kind that the formats do not have (exponential histograms).</summary>
    public static MetricFamily? Of(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => Of(metric.Name, metric.Unit, "counter"),
        MetricType.Histogram => Of(metric.Name, metric.Unit, "histogram"),
        MetricType.ExponentialHistogram => null,
        _ => Of(metric.Name, metric.Unit, "gauge"),
    };

    /// <summary>The family of an instrument.</summary>
    /// <param name="instrument">Its name.</param>
    /// <param name="ucumUnit">Its unit, as OpenTelemetry writes units: "s", "By", "{event}".</param>
    /// <param name="type">As <c># TYPE</c> names it.</param>
    public static MetricFamily Of(string instrument, string ucumUnit, string type)
    {
        string unit = Sanitize(InFull(ucumUnit)).Trim('_');
        string name = Sanitize(instrument);
        if (type == "counter" && name.EndsWith(Total, StringComparison.Ordinal))
        {
            name = name[..^Total.Length];
        }

        // OpenMetrics wants a family that has a unit to end in it.
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name = $"{name}_{unit}";
        }

        return new MetricFamily(char.IsAsciiDigit(name[0]) ? $"_{name}" : name, unit, type);
    }

    /// <summary>A label's name: letters, digits, underscores, not a digit first.</summary>
    public static string LabelName(string key)
    {
        string name = Sanitize(key).Replace(':', '_');
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }

    // "{event}" is a remark, not a unit. "By/s" is bytes_per_second.
    private static string InFull(string ucumUnit)
    {
        string unit = ucumUnit;
        while (unit.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && unit.IndexOf('}', open) is >= 0 and var close)
        {
            unit = unit.Remove(open, close - open + 1);
        }

        string[] parts = unit.Split('/', 2);
        string whole = s_units.GetValueOrDefault(parts[0], parts[0]);
        return parts.Length == 1 ? whole : $"{whole}_per_{s_perUnits.GetValueOrDefault(parts[1], parts[1])}";
    }

    // What may not stand in a name becomes one underscore, however long the run of it is.
    private static string Sanitize(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == ':')
            {
                name.Append(letter);
            }
            else if (name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString();
    }
}
