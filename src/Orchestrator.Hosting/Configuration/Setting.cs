using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Orchestrator.Hosting.Configuration;

/// <summary>
/// One option as configuration knows it. The reading, the checks, the log and the tables of docs/configuration.md all go by it: whoever adds an option adds its property and one of these.
/// </summary>
/// <typeparam name="TOptions">The section's options.</typeparam>
/// <param name="Key">The key below the section, as <c>BatchSize</c> or <c>Retry:MaxAttempts</c>.</param>
/// <param name="Meaning">What it is for, in a sentence.</param>
/// <param name="Unit">What it is counted in; empty where nothing is counted.</param>
/// <param name="Allowed">What may stand there.</param>
/// <param name="Get">The value; null when nobody has set it.</param>
/// <param name="TryRead">Sets the value from configuration; false, and nothing set, when it cannot be read.</param>
/// <param name="IsAllowed">Whether the value is in range.</param>
internal sealed record Setting<TOptions>(
    string Key, string Meaning, string Unit, string Allowed, Func<TOptions, object?> Get, Func<TOptions, IConfigurationSection, bool> TryRead, Func<TOptions, bool> IsAllowed)
{
    /// <summary>What stands for a value that nobody has set.</summary>
    public string NotSet { get; init; } = "none";

    /// <summary>Whether a change takes effect while the host runs; else with the next start.</summary>
    public bool Reloads { get; init; }

    /// <summary>How to write a value, for whoever wrote one that cannot be read; begins with a space.</summary>
    public string Hint { get; init; } = "";

    /// <summary>The value as text: the same in messages, in the log and in the documentation.</summary>
    public string Show(TOptions options) => Get(options) is { } value ? SettingText.Of(value) : NotSet;

    /// <summary>A number or a time span between two limits.</summary>
    public static Setting<TOptions> Range<T>(string key, string unit, Func<TOptions, T?> get, Action<TOptions, T> set, T min, T max, string meaning)
        where T : struct, IComparable<T>, IParsable<T> =>
        new(
            key,
            meaning,
            unit,
            $"{SettingText.KindOf<T>()} from {SettingText.Of(min)} to {SettingText.Of(max)}",
            options => get(options),
            (options, section) => Read<T>(section, (string text, out T value) => T.TryParse(text, CultureInfo.InvariantCulture, out value), value => set(options, value)),
            options => get(options) is not { } value || (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0));

    /// <summary>A time span between two limits.</summary>
    public static Setting<TOptions> Duration(string key, Func<TOptions, TimeSpan?> get, Action<TOptions, TimeSpan> set, TimeSpan min, TimeSpan max, string meaning) =>
        Range(key, "hh:mm:ss", get, set, min, max, meaning) with
        {
            TryRead = (options, section) => Read<TimeSpan>(section, TryReadDuration, value => set(options, value)),
            Hint = " Write 00:00:05 for five seconds.",
        };

    /// <summary>On or off.</summary>
    public static Setting<TOptions> Flag(string key, Func<TOptions, bool?> get, Action<TOptions, bool> set, string meaning) =>
        new(key, meaning, "", "true or false", options => get(options), (options, section) => Read<bool>(section, bool.TryParse, value => set(options, value)), _ => true);

    /// <summary>One of an enumeration's names.</summary>
    public static Setting<TOptions> Choice<T>(string key, Func<TOptions, T?> get, Action<TOptions, T> set, string meaning)
        where T : struct, Enum =>
        new(
            key,
            meaning,
            "",
            string.Join(" or ", Enum.GetNames<T>()),
            options => get(options),
            (options, section) => Read(section, (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value), value => set(options, value)),
            options => get(options) is not { } value || Enum.IsDefined(value));

    /// <summary>A list of names. A configured list replaces the one in code, so that operators can take a name out again.</summary>
    public static Setting<TOptions> Names(string key, Func<TOptions, IList<string>> get, string meaning) =>
        new(key, meaning, "", "a list of names", options => get(options) is { Count: > 0 } names ? names : null, (options, section) => ReadNames(section, get(options)), _ => true);

    private static bool Read<T>(IConfigurationSection section, TryParse<T> tryParse, Action<T> set)
    {
        if (section.Value is not { } text || !tryParse(text, out T? value))
        {
            return false;
        }

        set(value);
        return true;
    }

    // A number alone would be so many days, which nobody means who writes "5".
    private static bool TryReadDuration(string text, out TimeSpan value)
    {
        value = default;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    private static bool ReadNames(IConfigurationSection section, IList<string> names)
    {
        // An empty list arrives as an empty value.
        string?[] configured = [.. section.GetChildren().Select(child => child.Value)];
        if (!string.IsNullOrEmpty(section.Value) || configured.Any(string.IsNullOrEmpty))
        {
            return false;
        }

        names.Clear();
        foreach (string? name in configured)
        {
            names.Add(name!);
        }

        return true;
    }

    private delegate bool TryParse<T>(string text, out T value);
}
