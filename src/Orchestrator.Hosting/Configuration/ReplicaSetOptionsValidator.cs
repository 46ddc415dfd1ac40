using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Checks the settings of a replica set; all faults at once.</summary>
internal sealed class ReplicaSetOptionsValidator : IValidateOptions<ReplicaSetOptions>
{
    public ValidateOptionsResult Validate(string? name, ReplicaSetOptions options)
    {
        var checks = new RangeChecks(ConfigurationKeys.ReplicaSet(name ?? ""));
        CheckCoordination(checks, options);
        CheckProcessing(checks, options);
        CheckRetry(checks, nameof(options.Retry), options.Retry);
        return checks.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(checks.Faults);
    }

    /// <summary>Checks retry settings; projections have their own.</summary>
    public static void CheckRetry(RangeChecks checks, string key, RetryOptions retry)
    {
        TimeSpan hour = TimeSpan.FromHours(1);
        checks.Between($"{key}:{nameof(retry.MaxAttempts)}", retry.MaxAttempts, 1, 1_000);
        checks.Between($"{key}:{nameof(retry.InitialDelay)}", retry.InitialDelay, TimeSpan.Zero, hour);
        checks.Between($"{key}:{nameof(retry.MaxDelay)}", retry.MaxDelay, retry.InitialDelay, hour);
        checks.Between($"{key}:{nameof(retry.JitterFactor)}", retry.JitterFactor, 0d, 1d);
    }

    private static void CheckCoordination(RangeChecks checks, ReplicaSetOptions options)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1);
        checks.Between(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(50), minute);
        checks.Between(nameof(options.StaleWorkerTimeout), options.StaleWorkerTimeout, TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(10));
        checks.Check(
            nameof(options.StaleWorkerTimeout),
            options.StaleWorkerTimeout,
            options.StaleWorkerTimeout >= 4 * options.HeartbeatInterval,
            $"must be at least four times {nameof(options.HeartbeatInterval)} ({options.HeartbeatInterval}), or one late heartbeat counts as death");
        checks.Between(nameof(options.CoordinationTimeout), options.CoordinationTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        checks.Between(nameof(options.RegistrationWaitTime), options.RegistrationWaitTime, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        checks.Between(nameof(options.JoinQuietTime), options.JoinQuietTime, TimeSpan.Zero, options.RegistrationWaitTime);
        checks.Between(nameof(options.CoordinationInterval), options.CoordinationInterval, TimeSpan.FromMilliseconds(10), minute);
    }

    private static void CheckProcessing(RangeChecks checks, ReplicaSetOptions options)
    {
        TimeSpan tenMinutes = TimeSpan.FromMinutes(10);
        checks.Between(nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(1), tenMinutes);
        checks.Between(nameof(options.BatchSize), options.BatchSize, 1, 100_000);
        checks.Between(nameof(options.MaxBatchDuration), options.MaxBatchDuration, TimeSpan.FromMilliseconds(1), tenMinutes);
        checks.Between(nameof(options.PageSize), options.PageSize, 1, 100_000);
        checks.Between(nameof(options.PageBytes), options.PageBytes, 1_024, 256 * 1_024 * 1_024);
        checks.Between(nameof(options.PageCacheBytes), options.PageCacheBytes, 1_024L, 4L * 1_024 * 1_024 * 1_024);
        checks.Between(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
    }
}
