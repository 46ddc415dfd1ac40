using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Checks the settings of a projection; all faults at once. The options' name is their configuration section.</summary>
internal sealed class ProjectionOptionsValidator : IValidateOptions<ProjectionOptions>
{
    public ValidateOptionsResult Validate(string? name, ProjectionOptions options)
    {
        var checks = new RangeChecks(name ?? "");
        if (options.BatchSize is { } batchSize)
        {
            checks.Between(nameof(options.BatchSize), batchSize, 1, 100_000);
        }

        if (options.MaxBatchDuration is { } maxBatchDuration)
        {
            checks.Between(nameof(options.MaxBatchDuration), maxBatchDuration, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        }

        if (options.Retry is { } retry)
        {
            ReplicaSetOptionsValidator.CheckRetry(checks, nameof(options.Retry), retry);
        }

        return checks.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(checks.Faults);
    }
}
