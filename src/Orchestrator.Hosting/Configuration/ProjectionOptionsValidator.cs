using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Checks the settings of a projection, as written and as they came out; all faults at once. The options' name is their configuration section.</summary>
/// <param name="configuration">The application's configuration, if it has one.</param>
/// <param name="replicaSets">Makes the options that a projection inherits from. Made anew, not looked up: while a reload is checked, the ones in force are the old ones.</param>
internal sealed class ProjectionOptionsValidator(OrchestratorConfiguration? configuration = null, IOptionsFactory<ReplicaSetOptions>? replicaSets = null) : IValidateOptions<ProjectionOptions>
{
    public ValidateOptionsResult Validate(string? name, ProjectionOptions options)
    {
        string path = name ?? "";
        List<string> faults = configuration?.Section(path) is { } section ? [.. SettingChecks.FaultsOf(section, ProjectionSettings.All)] : [];
        faults.AddRange(SettingChecks.OutOfRange(path, ProjectionSettings.All, options));
        if (faults.Count == 0 && OfReplicaSet(path) is { } replicaSet)
        {
            faults.AddRange(Clashes(path, options.Retry, replicaSet.Retry));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // Two inherited values that clash are the replica set's fault, and reported there.
    private static IEnumerable<string> Clashes(string path, ProjectionRetryOptions own, RetryOptions replicaSet) =>
        own is { InitialDelay: null, MaxDelay: null } ? [] : RetrySettings.Clashes(path, RetryPolicy.Of(own, replicaSet));

    private ReplicaSetOptions? OfReplicaSet(string path)
    {
        try
        {
            return replicaSets?.Create(ConfigurationKeys.ReplicaSetOf(path)) ?? new ReplicaSetOptions();
        }
        catch (OptionsValidationException)
        {
            // Reported by the replica set's own check. Against values that are not valid, everything looks wrong.
            return null;
        }
    }
}
