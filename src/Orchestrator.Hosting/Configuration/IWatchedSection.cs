using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>A section of the configuration that may change while the host runs. Read first, accept then: so that a fault in one section keeps all of them as they are.</summary>
internal interface IWatchedSection
{
    /// <summary>Makes the options anew. What is in force does not change.</summary>
    /// <exception cref="OptionsValidationException">They are not valid.</exception>
    void Read();

    /// <summary>Takes over what was read last.</summary>
    /// <returns>What has changed since the time before.</returns>
    IReadOnlyList<SettingChange> Accept();
}

/// <summary>A setting that has changed.</summary>
/// <param name="Key">Its full path.</param>
/// <param name="Value">What the configuration says now.</param>
/// <param name="InForce">What has been in force so far.</param>
/// <param name="Reloads">Whether the new value takes effect at once; else with the next start.</param>
internal sealed record SettingChange(string Key, string Value, string InForce, bool Reloads);
