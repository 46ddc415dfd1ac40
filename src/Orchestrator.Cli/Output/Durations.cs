using System.Globalization;

namespace Orchestrator.Cli.Output;

/// <summary>Lengths of time for people: two units are enough.</summary>
internal static class Durations
{
    /// <summary>As <c>4.2 s</c>, <c>3 min 20 s</c>, <c>5 h 12 min</c> or <c>2 d 7 h</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds, 1)} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
    };
}
