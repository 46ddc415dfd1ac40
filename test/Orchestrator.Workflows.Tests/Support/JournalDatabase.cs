using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.PostgreSql.Workflows;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.PostgreSql.Journal;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>A journal in the schema of a connection string, whose tables are there.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    private readonly IHost _host;

    private JournalDatabase(IHost host) => _host = host;

    public IWorkflowJournal Journal => _host.Services.GetRequiredService<PostgreSqlWorkflowJournal>();

    public WorkflowRuns Runs => new(_host.Services.GetRequiredService<PostgreSqlConnections>(), _host.Services.GetRequiredService<SqlCatalog>());

    public static async Task<JournalDatabase> OpenAsync(string connectionString)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPostgreSqlEventStore(connectionString);
        builder.Services.AddWorkflow("unused").UsePostgreSqlJournal();
        IHost host = builder.Build();
        await host.MigrateOrchestratorAsync();
        return new JournalDatabase(host);
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
