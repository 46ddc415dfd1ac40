using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Workflows;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.PostgreSql.DependencyInjection;
using Orchestrator.Workflows.PostgreSql.Journal;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the runs of workflows in PostgreSQL.</summary>
public static class PostgreSqlWorkflowBuilderExtensions
{
    /// <summary>
    /// Keeps the workflow's runs in the database that <c>UsePostgreSql</c> or <c>AddPostgreSqlEventStore</c> was given, in any order of calls; without one of them the host does not start. The tables come with the
    /// orchestrator's migrations.
    /// </summary>
    /// <param name="builder">The workflow.</param>
    /// <returns>The same builder.</returns>
    public static IWorkflowBuilder UsePostgreSqlJournal(this IWorkflowBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => new JournalConnection(services.GetRequiredService<PostgreSqlConnections>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddSingleton(services => new PostgreSqlWorkflowJournal(services.GetRequiredService<JournalConnection>(), services.GetRequiredService<SqlCatalog>()));
        builder.Services.AddSingleton<IValidateOptions<WorkflowOptions>>(services => new DatabaseValidator(builder.Name, services.GetRequiredService<IServiceProviderIsService>()));
        return builder.UseJournal(static services => services.GetRequiredService<PostgreSqlWorkflowJournal>());
    }
}
