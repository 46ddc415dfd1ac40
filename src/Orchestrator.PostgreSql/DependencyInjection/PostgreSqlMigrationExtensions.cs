using Microsoft.Extensions.Hosting;
using Orchestrator.PostgreSql.Schema;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Brings the orchestrator's tables up to date from code.</summary>
public static class PostgreSqlMigrationExtensions
{
    /// <summary>Creates the orchestrator's tables in the host's database, or brings them up to date. Safe in any number of processes at once, and when there is nothing to do. Needs the right to create tables.</summary>
    /// <param name="host">The host, built with <c>UsePostgreSql</c> or <c>AddPostgreSqlEventStore</c>; started or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file names of the migrations that were applied; empty when there was nothing to do.</returns>
    /// <exception cref="SchemaVersionException">The database is at a version that this library does not know.</exception>
    /// <exception cref="SchemaException">An existing log was to be adopted (<c>AdoptExistingLog</c>), and cannot be as it is.</exception>
    public static Task<IReadOnlyList<string>> MigrateOrchestratorAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Services.MigrateOrchestratorAsync(cancellationToken);
    }

    /// <summary>The same from a service provider.</summary>
    /// <param name="services">The services, with <c>UsePostgreSql</c> or <c>AddPostgreSqlEventStore</c> among them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file names of the migrations that were applied; empty when there was nothing to do.</returns>
    /// <exception cref="SchemaVersionException">The database is at a version that this library does not know.</exception>
    public static Task<IReadOnlyList<string>> MigrateOrchestratorAsync(this IServiceProvider services, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<PostgreSqlMigrator>().MigrateAsync(cancellationToken);
}
