using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Stands for the section <c>Orchestrator</c> itself, so that its check runs when the host checks all others, and their faults come out together. It holds no options.</summary>
internal sealed class RootSection;

/// <summary>Finds sections below the root that do not exist.</summary>
internal sealed class RootSectionValidator(OrchestratorConfiguration configuration) : IValidateOptions<RootSection>
{
    public ValidateOptionsResult Validate(string? name, RootSection options)
    {
        List<string> faults =
        [
            .. from child in configuration.Section(ConfigurationKeys.Root)?.GetChildren() ?? []
               where !ConfigurationKeys.Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
               select SettingChecks.Unknown(child.Path, child.Key, ConfigurationKeys.Sections),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
