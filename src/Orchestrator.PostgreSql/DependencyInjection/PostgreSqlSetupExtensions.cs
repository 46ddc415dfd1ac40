using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Checkpoints;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Errors;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Membership;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses the PostgreSQL provider.</summary>
public static class PostgreSqlSetupExtensions
{
    /// <summary>Keeps log, checkpoints and coordination in a PostgreSQL database. Also registers <see cref="IEventStore"/>.</summary>
    /// <param name="setup">The setup.</param>
    /// <param name="connectionString">
    /// The database, as an Npgsql connection string. The key <c>Orchestrator:PostgreSql:ConnectionString</c> wins over it. When both are missing, the host fails to start, and says so.
    /// </param>
    /// <param name="configure">Sets names and other options. The configuration section <c>Orchestrator:PostgreSql</c> wins over it.</param>
    /// <returns>The same setup.</returns>
    public static OrchestratorSetup UsePostgreSql(this OrchestratorSetup setup, string? connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        IServiceCollection services = setup.Services.AddPostgreSqlEventStore(connectionString, configure);
        services.TryAddSingleton<IEventLog, PostgreSqlEventLog>();
        services.TryAddSingleton<ICheckpointStore, PostgreSqlCheckpointStore>();
        services.TryAddSingleton<IErrorClassifier, PostgreSqlErrorClassifier>();
        services.TryAddSingleton<SchemaCheck>();
        services.TryAddSingleton<SchemaGate>();
        services.TryAddSingleton<PostgreSqlMembershipStore>();
        services.TryAddSingleton<IMembershipStore>(provider => new SchemaCheckedMembershipStore(
            provider.GetRequiredService<PostgreSqlMembershipStore>(), provider.GetRequiredService<SchemaGate>()));
        return setup;
    }

    /// <summary>Registers <see cref="IEventStore"/> alone, for an application that appends and runs no projections. It starts nothing.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">The database, as in <see cref="UsePostgreSql"/>.</param>
    /// <param name="configure">Sets names and other options, as in <see cref="UsePostgreSql"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPostgreSqlEventStore(this IServiceCollection services, string? connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddOptions(services, connectionString, configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new PostgreSqlConnections(Options(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new SqlCatalog(Options(provider)));
        services.TryAddSingleton(provider => new PostgreSqlMigrator(
            Options(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PostgreSqlMigrator>>()));
        services.TryAddSingleton<Orchestrator.PostgreSql.EventStore.IAppendNotifier, AppendNotifier>();
        services.TryAddSingleton<IEventStore, Orchestrator.PostgreSql.EventStore.PostgreSqlEventStore>();
        return services;
    }

    private static void AddOptions(IServiceCollection services, string? connectionString, Action<PostgreSqlOptions>? configure)
    {
        services.AddOptions<PostgreSqlOptions>()
            .Configure(options =>
            {
                options.ConnectionString = connectionString ?? options.ConnectionString;
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        services.TryAddSingleton<PostgreSqlSection>();
        // After all code, in whatever order it was registered: operators win.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PostgreSqlOptions>, PostgreSqlConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlOptions>, PostgreSqlOptionsValidator>());
    }

    private static PostgreSqlOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value;
}
