using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Checks the settings of a replica set, as written and as they came out; all faults at once.</summary>
internal sealed class ReplicaSetOptionsValidator(OrchestratorConfiguration? configuration = null) : IValidateOptions<ReplicaSetOptions>
{
    public ValidateOptionsResult Validate(string? name, ReplicaSetOptions options)
    {
        string path = ConfigurationKeys.ReplicaSet(name ?? "");
        List<string> faults = configuration?.Section(path) is { } section ? [.. SettingChecks.FaultsOf(section, ReplicaSetSettings.All, ConfigurationKeys.Projections)] : [];
        faults.AddRange(SettingChecks.OutOfRange(path, ReplicaSetSettings.All, options));
        if (faults.Count == 0)
        {
            // Only among valid values: against one that could not be read, everything looks wrong.
            faults.AddRange(Clashes(path, options));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Clashes(string path, ReplicaSetOptions options)
    {
        if (options.StaleWorkerTimeout < 4 * options.HeartbeatInterval)
        {
            yield return $"{path}:StaleWorkerTimeout is {SettingText.Of(options.StaleWorkerTimeout)}. Allowed: at least four times HeartbeatInterval ({SettingText.Of(options.HeartbeatInterval)}), or one late heartbeat counts as death.";
        }

        if (options.JoinQuietTime > options.RegistrationWaitTime)
        {
            yield return $"{path}:JoinQuietTime is {SettingText.Of(options.JoinQuietTime)}. Allowed: at most RegistrationWaitTime ({SettingText.Of(options.RegistrationWaitTime)}).";
        }

        foreach (string clash in StaticPartitionClashes(path, options).Concat(RetrySettings.Clashes(path, RetryPolicy.Of(options.Retry))))
        {
            yield return clash;
        }
    }

    private static IEnumerable<string> StaticPartitionClashes(string path, ReplicaSetOptions options)
    {
        switch (options)
        {
            case { PartitionKey: { } key, TotalPartitions: { } total } when key >= total:
                yield return $"{path}:PartitionKey is {SettingText.Of(key)}. Allowed: less than TotalPartitions ({SettingText.Of(total)}); the first partition is 0.";
                break;
            case { PartitionKey: { } key, TotalPartitions: null }:
                yield return $"{path}:PartitionKey is {SettingText.Of(key)}, and TotalPartitions is not set. Allowed: both or neither.";
                break;
            case { PartitionKey: null, TotalPartitions: { } total }:
                yield return $"{path}:TotalPartitions is {SettingText.Of(total)}, and PartitionKey is not set. Allowed: both or neither.";
                break;
        }

        if (options is { PartitionKey: not null, MaxWorkers: { } most })
        {
            yield return $"{path}:MaxWorkers is {SettingText.Of(most)}. Allowed: not together with PartitionKey, which already says who takes part.";
        }
    }
}
