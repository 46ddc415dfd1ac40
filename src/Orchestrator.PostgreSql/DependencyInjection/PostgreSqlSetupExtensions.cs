using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Doctor;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Inspection;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Checkpoints;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Doctor;
using Orchestrator.PostgreSql.Errors;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Inspection;
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
    /// <exception cref="InvalidOperationException">Another provider, or another database, has been chosen before.</exception>
    public static OrchestratorSetup UsePostgreSql(this OrchestratorSetup setup, string? connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return AddStores(setup, setup.Services.AddPostgreSqlEventStore(connectionString, configure));
    }

    /// <summary>
    /// The same with the <see cref="NpgsqlDataSource"/> among the application's services, which is never disposed here. The sessions that a worker keeps are borrowed from its pool, so the pool must have room
    /// for them: two for every replica set (control, heartbeat), two for the log (horizon, listener), and one more when this process appends (notifier). A pool that leaves no connection beside them is refused at start.
    /// </summary>
    /// <param name="setup">The setup.</param>
    /// <param name="configure">Sets names and other options. The configuration section <c>Orchestrator:PostgreSql</c> wins over it; a connection string there wins over the data source.</param>
    /// <returns>The same setup. Without a data source the host fails to start, and says so.</returns>
    /// <exception cref="InvalidOperationException">Another provider, or another database, has been chosen before.</exception>
    public static OrchestratorSetup UsePostgreSql(this OrchestratorSetup setup, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return AddStores(setup, setup.Services.AddPostgreSqlEventStore(configure));
    }

    /// <summary>Registers <see cref="IEventStore"/> alone, for an application that appends and runs no projections. It starts nothing.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="connectionString">The database, as in <see cref="UsePostgreSql(OrchestratorSetup, string?, Action{PostgreSqlOptions}?)"/>.</param>
    /// <param name="configure">Sets names and other options, as there.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">Another provider, or another database, has been chosen before.</exception>
    public static IServiceCollection AddPostgreSqlEventStore(this IServiceCollection services, string? connectionString, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return AddEventStore(services, connectionString, isDataSource: false, configure);
    }

    /// <summary>The same with the <see cref="NpgsqlDataSource"/> among the application's services. One session is borrowed from its pool and kept, once the process appends.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets names and other options, as in <see cref="UsePostgreSql(OrchestratorSetup, Action{PostgreSqlOptions}?)"/>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">Another provider, or another database, has been chosen before.</exception>
    public static IServiceCollection AddPostgreSqlEventStore(this IServiceCollection services, Action<PostgreSqlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return AddEventStore(services, connectionString: null, isDataSource: true, configure);
    }

    private static OrchestratorSetup AddStores(OrchestratorSetup setup, IServiceCollection services)
    {
        services.TryAddSingleton<IEventLog, PostgreSqlEventLog>();
        services.TryAddSingleton<ICheckpointStore, PostgreSqlCheckpointStore>();
        services.TryAddSingleton<ISlotOwners, PostgreSqlSlotOwners>();
        services.TryAddSingleton<IErrorClassifier, PostgreSqlErrorClassifier>();
        services.TryAddSingleton<PoolSize>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlOptions>, PoolSizeValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PoolSizeReport>());
        services.TryAddSingleton<LogHistory>();
        services.TryAddSingleton<SchemaCheck>();
        services.TryAddSingleton<SchemaGate>();
        services.TryAddSingleton<PostgreSqlMembershipStore>();
        services.TryAddSingleton<IMembershipStore>(provider => new SchemaCheckedMembershipStore(
            provider.GetRequiredService<PostgreSqlMembershipStore>(), provider.GetRequiredService<SchemaGate>()));
        return setup;
    }

    private static IServiceCollection AddEventStore(IServiceCollection services, string? connectionString, bool isDataSource, Action<PostgreSqlOptions>? configure)
    {
        ProviderChoice.Record(services, "PostgreSQL");
        PostgreSqlSource.Record(services, connectionString, isDataSource);
        AddOptions(services, connectionString, configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new PostgreSqlConnections(
            Options(provider),
            provider.GetRequiredService<PostgreSqlSource>().IsDataSource ? provider.GetService<NpgsqlDataSource>() : null,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new SqlCatalog(Options(provider)));
        services.TryAddSingleton(provider => new PostgreSqlMigrator(
            Options(provider), provider.GetRequiredService<PostgreSqlConnections>(), provider.GetRequiredService<ILogger<PostgreSqlMigrator>>()));
        services.TryAddSingleton<IOrchestratorInspector, PostgreSqlInspector>();
        services.TryAddSingleton<Orchestrator.PostgreSql.EventStore.IAppendNotifier, AppendNotifier>();
        services.TryAddSingleton<Orchestrator.PostgreSql.EventStore.PostgreSqlEventStore>();
        services.TryAddSingleton<IEventStore, Orchestrator.PostgreSql.EventStore.TracedEventStore>();
        services.TryAddSingleton<IOrchestratorDoctor, PostgreSqlDoctor>();
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IWatchedSection, PostgreSqlWatch>());
    }

    private static PostgreSqlOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value;
}
