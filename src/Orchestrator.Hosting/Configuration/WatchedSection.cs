using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>One section's options: as they were when the host started, and as the configuration says now. Only the reload moves it on.</summary>
/// <typeparam name="TOptions">The section's options.</typeparam>
/// <param name="path">The section.</param>
/// <param name="name">The options' name.</param>
/// <param name="settings">All that the section may hold.</param>
/// <param name="started">Knows the options that the host has started with. Asked when they are first needed: behind the check at start.</param>
/// <param name="factory">Makes the options anew: binds and checks.</param>
internal sealed class WatchedSection<TOptions>(
    string path, string name, IReadOnlyList<Setting<TOptions>> settings, IOptionsMonitor<TOptions> started, IOptionsFactory<TOptions> factory) : IWatchedSection
    where TOptions : class, new()
{
    private readonly Lazy<TOptions> _atStart = new(() => started.Get(name));
    private volatile TOptions? _latest;
    private TOptions? _read;

    /// <summary>What the host has started with: in force for settings that do not reload.</summary>
    public TOptions AtStart => _atStart.Value;

    /// <summary>What was accepted last: in force for settings that reload. Never changed, only replaced.</summary>
    public TOptions Latest => _latest ?? AtStart;

    public void Read() => _read = factory.Create(name);

    public IReadOnlyList<SettingChange> Accept()
    {
        TOptions before = Latest;
        TOptions now = _read ?? before;
        _latest = now;
        return
        [
            .. from setting in settings
               let value = setting.Show(now)
               let inForce = setting.Show(setting.Reloads ? before : AtStart)
               where value != setting.Show(before) && value != inForce
               select new SettingChange($"{path}:{setting.Key}", value, inForce, setting.Reloads),
        ];
    }

    /// <summary>What the host has started with and is not the default, as text, and where it comes from.</summary>
    /// <param name="configuration">The application's configuration.</param>
    public IEnumerable<string> Differences(OrchestratorConfiguration configuration)
    {
        var defaults = new TOptions();
        return from setting in settings
               let value = setting.Show(AtStart)
               where value != setting.Show(defaults)
               select $"{setting.Key} = {value} ({(configuration.Says($"{path}:{setting.Key}") ? "configuration" : "code")})";
    }
}
