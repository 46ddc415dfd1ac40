using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orchestrator.AspNetCore.Metrics;

/// <summary>Writes the smallest parts of a page: texts, numbers, labels.</summary>
internal sealed class PageWriter
{
    private readonly ArrayBufferWriter<byte> _page = new(16 * 1024);

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Page => _page.WrittenMemory;

    /// <summary>Writes a text as it is.</summary>
    public PageWriter Write(string text)
    {
        Encoding.UTF8.GetBytes(text, _page);
        return this;
    }

    /// <summary>Writes a whole number.</summary>
    public PageWriter Write(long value) => Write(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a number: the shortest text that reads back as the same.</summary>
    public PageWriter Write(double value) => Write(Shortest(value));

    /// <summary>Writes labels in their braces; nothing where there are none.</summary>
    public PageWriter WriteLabels(IReadOnlyCollection<KeyValuePair<string, string>> labels)
    {
        string before = "{";
        foreach ((string name, string value) in labels)
        {
            Write(before).Write(name).Write("=\"").WriteEscaped(value, quotes: true).Write("\"");
            before = ",";
        }

        return labels.Count > 0 ? Write("}") : this;
    }

    /// <summary>Writes a text in which what would end it or its line is escaped.</summary>
    /// <param name="text">The text.</param>
    /// <param name="quotes">Whether a quotation mark would end it.</param>
    public PageWriter WriteEscaped(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return Write(quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped);
    }

    /// <summary>A bound of a bucket. Always with a point or an exponent, in both formats: it is a label, and another text would be another series.</summary>
    public static string Bound(double value)
    {
        string text = Shortest(value);
        return double.IsFinite(value) && !text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal) ? $"{text}.0" : text;
    }

    private static string Shortest(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
    };
}
