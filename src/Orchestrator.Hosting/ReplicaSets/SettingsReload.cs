using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>
/// Follows the configuration while the host runs. All sections are read and checked first. One fault, and everything stays as it is: half of a change may be worse than none of it. Else what reloads
/// takes effect, and what does not is named.
/// </summary>
internal sealed class SettingsReload(
    OrchestratorConfiguration configuration, LiveSettings settings, UnregisteredSections unregistered, IEnumerable<IWatchedSection> others, ILogger<SettingsReload> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private IDisposable? _watch;
    private string? _refused;

    /// <summary>Begins to follow.</summary>
    public void Start() => _watch ??= configuration.OnChange(Reload);

    public void Dispose() => _watch?.Dispose();

    private void Reload()
    {
        // Two files may change at the same time, each on a thread of its own.
        lock (_lock)
        {
            try
            {
                Follow([.. others, .. settings.ReplicaSets.SelectMany(replicaSet => replicaSet.Projections.Select(projection => (IWatchedSection)projection.Section).Prepend(replicaSet.Section))]);
            }
            catch (Exception exception)
            {
                // Delegates of the application run here too, on a thread on which nobody would see what they throw.
                logger.ReloadFailed(exception);
            }
        }
    }

    private void Follow(IReadOnlyList<IWatchedSection> sections)
    {
        string[] faults = [.. sections.SelectMany(FaultsOf)];
        if (faults.Length > 0)
        {
            Refuse(string.Join(" ", faults));
            return;
        }

        _refused = null;

        SettingChange[] changes = [.. sections.SelectMany(section => section.Accept())];
        foreach (LiveReplicaSet replicaSet in settings.ReplicaSets)
        {
            replicaSet.Publish();
        }

        foreach (SettingChange change in changes)
        {
            Report(change);
        }

        foreach (string finding in unregistered.FindNew())
        {
            logger.SectionWithoutEffect(finding);
        }
    }

    // One change of a file may arrive as several.
    private void Refuse(string faults)
    {
        if (faults != _refused)
        {
            logger.ReloadRefused(faults);
            _refused = faults;
        }
    }

    private void Report(SettingChange change)
    {
        if (change.Reloads)
        {
            logger.SettingReloaded(change.Key, change.Value, change.InForce);
        }
        else
        {
            logger.SettingNeedsRestart(change.Key, change.Value, change.InForce);
        }
    }

    private static IEnumerable<string> FaultsOf(IWatchedSection section)
    {
        try
        {
            section.Read();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
    }
}
