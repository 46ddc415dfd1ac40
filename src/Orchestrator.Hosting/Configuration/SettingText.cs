using System.Globalization;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Values of options as text, the way that configuration can read them again.</summary>
internal static class SettingText
{
    public static string Of(object value) => value switch
    {
        TimeSpan time => Trim(time.ToString("c", CultureInfo.InvariantCulture)),
        bool flag => flag ? "true" : "false",
        IEnumerable<string> names => string.Join(", ", names),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    public static string KindOf<T>() => typeof(T) == typeof(TimeSpan) ? "a time span" : typeof(T) == typeof(double) ? "a number" : "a whole number";

    private static string Trim(string time) => time.Contains('.', StringComparison.Ordinal) && time.LastIndexOf('.') > time.LastIndexOf(':') ? time.TrimEnd('0') : time;
}
