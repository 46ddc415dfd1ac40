using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Checks the settings of a projection, as written and as they came out; all faults at once. The options' name is their configuration section.</summary>
internal sealed class ProjectionOptionsValidator(OrchestratorConfiguration? configuration = null) : IValidateOptions<ProjectionOptions>
{
    public ValidateOptionsResult Validate(string? name, ProjectionOptions options)
    {
        string path = name ?? "";
        List<string> faults = configuration?.Section(path) is { } section ? [.. SettingChecks.FaultsOf(section, ProjectionSettings.All)] : [];
        faults.AddRange(SettingChecks.OutOfRange(path, ProjectionSettings.All, options));
        if (faults.Count == 0 && options.Retry is { } retry)
        {
            faults.AddRange(RetrySettings.Clashes(path, retry));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
