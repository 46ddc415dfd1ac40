using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Health;

/// <summary>Puts the application's configuration over what code has set.</summary>
internal sealed class HealthConfiguration(OrchestratorConfiguration configuration) : IPostConfigureOptions<OrchestratorHealthOptions>
{
    public void PostConfigure(string? name, OrchestratorHealthOptions options)
    {
        if (configuration.Section(ConfigurationKeys.Health) is IConfigurationSection section)
        {
            SettingChecks.Apply(section, HealthSettings.All, options);
        }
    }
}
