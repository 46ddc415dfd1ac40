using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.Workflows.PostgreSql.DependencyInjection;

/// <summary>Finds that no database was given for a workflow's journal.</summary>
internal sealed class DatabaseValidator(string workflow, IServiceProviderIsService services) : IValidateOptions<WorkflowOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkflowOptions options) => name != workflow || services.IsService(typeof(PostgreSqlConnections))
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"The workflow '{workflow}': UsePostgreSqlJournal() was called, and no database is given. Call AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)), or AddPostgreSqlEventStore(connectionString) where there are no projections.");
}
