using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.PostgreSql.Diagnostics;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Says once, at start, that a pool is smaller than what is used at once: everything works, but batches wait for each other, and the application with them.</summary>
internal sealed class PoolSizeReport(PoolSize pool, IOptions<PostgreSqlOptions> options, ILogger<PoolSizeReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (pool.Find(options.Value) is { } found && found.Max < found.Need.Full)
        {
            logger.PoolIsSmall(pool.Owner(options.Value), found.Max, found.Need.Full, found.Need.Parts);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
