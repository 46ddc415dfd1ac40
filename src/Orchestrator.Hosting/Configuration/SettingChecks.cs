using Microsoft.Extensions.Configuration;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Reads a section by its settings and finds what is wrong with it: every fault, with its key's full path, its value and what is allowed.</summary>
internal static class SettingChecks
{
    /// <summary>Puts what configuration says over what code says. Leaves out what cannot be read: <see cref="FaultsOf"/> reports it, together with everything else.</summary>
    public static void Apply<TOptions>(IConfigurationSection section, IReadOnlyList<Setting<TOptions>> settings, TOptions options)
    {
        foreach (Setting<TOptions> setting in settings)
        {
            if (section.GetSection(setting.Key) is var value && value.Exists())
            {
                setting.TryRead(options, value);
            }
        }
    }

    /// <summary>What is wrong with the section as it is written: keys that do not exist, values that cannot be read.</summary>
    /// <param name="section">The section.</param>
    /// <param name="settings">All that it may hold.</param>
    /// <param name="others">Sections below it that someone else checks.</param>
    public static IEnumerable<string> FaultsOf<TOptions>(IConfigurationSection section, IReadOnlyList<Setting<TOptions>> settings, params string[] others)
        where TOptions : new()
    {
        var scratch = new TOptions();
        return UnknownKeys(section, [.. settings.Select(setting => setting.Key), .. others], "").Concat(
            from setting in settings
            let value = section.GetSection(setting.Key)
            where value.Exists() && !setting.TryRead(scratch, value)
            select $"{value.Path} is {(string.IsNullOrEmpty(value.Value) && value.GetChildren().Any() ? "a section" : $"'{value.Value}'")}. Allowed: {setting.Allowed}.{setting.Hint}");
    }

    /// <summary>Which values, wherever they come from, are not allowed.</summary>
    public static IEnumerable<string> OutOfRange<TOptions>(string path, IReadOnlyList<Setting<TOptions>> settings, TOptions options) =>
        from setting in settings
        where !setting.IsAllowed(options)
        select $"{path}:{setting.Key} is {setting.Show(options)}. Allowed: {setting.Allowed}.";

    /// <summary>What to say of a key that does not exist. Never its value: nobody knows what it was meant to be.</summary>
    public static string Unknown(string path, string key, IReadOnlyCollection<string> known) =>
        $"{path} is not known. {(NearName.Find(key, known) is { } near ? $"Did you mean {near}?" : $"Allowed: {string.Join(", ", known)}.")}";

    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, IReadOnlyList<string> known, string prefix)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = prefix + child.Key;
            if (known.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!known.Any(name => name.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)))
            {
                yield return Unknown(child.Path, child.Key, NamesAt(known, prefix));
                continue;
            }

            if (!string.IsNullOrEmpty(child.Value))
            {
                yield return $"{child.Path} is '{child.Value}'. Allowed: a section with {string.Join(", ", NamesAt(known, $"{key}:"))}.";
            }

            foreach (string fault in UnknownKeys(child, known, $"{key}:"))
            {
                yield return fault;
            }
        }
    }

    private static string[] NamesAt(IReadOnlyList<string> known, string prefix) =>
        [.. known.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(name => name[prefix.Length..].Split(':')[0]).Distinct(StringComparer.Ordinal)];
}
