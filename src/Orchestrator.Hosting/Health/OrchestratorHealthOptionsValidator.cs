using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Health;

/// <summary>Checks <see cref="OrchestratorHealthOptions"/>, and the section as it is written.</summary>
internal sealed class OrchestratorHealthOptionsValidator(OrchestratorConfiguration configuration) : IValidateOptions<OrchestratorHealthOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorHealthOptions options)
    {
        List<string> faults =
        [
            .. configuration.Section(ConfigurationKeys.Health) is { } section ? SettingChecks.FaultsOf(section, HealthSettings.All) : [],
            .. SettingChecks.OutOfRange(ConfigurationKeys.Health, HealthSettings.All, options),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
