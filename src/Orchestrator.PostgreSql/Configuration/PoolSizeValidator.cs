using System.Globalization;
using Microsoft.Extensions.Options;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Refuses a pool in which the kept sessions leave no connection to work on: heartbeats and batches would wait for connections that never come.</summary>
internal sealed class PoolSizeValidator(PoolSize pool) : IValidateOptions<PostgreSqlOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgreSqlOptions options) =>
        pool.Find(options) is { } found && found.Max < found.Need.Least
            ? ValidateOptionsResult.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"Maximum Pool Size of {pool.Owner(options)} is {found.Max}. Allowed: at least {found.Need.Least}, and {found.Need.Full} to let nothing wait ({found.Need.Parts}), beside what the application uses itself. Or set {PostgreSqlSection.Path}:{nameof(PostgreSqlOptions.CoordinationConnectionString)}: then the sessions that are kept do not come from the pool."))
            : ValidateOptionsResult.Success;
}
