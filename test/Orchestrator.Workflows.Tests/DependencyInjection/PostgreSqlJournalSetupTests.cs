using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.DependencyInjection;

internal sealed class PostgreSqlJournalSetupTests : PostgreSqlFixture
{
    private readonly CallLog _log = new();

    [Test]
    public async Task Start_WithoutADatabase_SaysWhatToCall()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddWorkflow("checkout").UsePostgreSqlJournal().AddService("a", _log.Answer);
        builder.Services.AddWorkflow("other").AddService("a", _log.Answer);
        using IHost host = builder.Build();

        OptionsValidationException? refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(refusal!.Failures, Has.Exactly(1).Items.And.All.StartsWith("The workflow 'checkout'").And.All.Contains("AddPostgreSqlEventStore"));
    }

    [Test]
    public async Task RunAsync_WithoutTables_SaysWhatToDoAndGoesOnBehindIt()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddWorkflow("checkout").UsePostgreSqlJournal().AddService("a", _log.Answer);
        builder.Services.AddPostgreSqlEventStore(ConnectionString);
        using IHost host = builder.Build();
        IWorkflowRunner runner = host.Services.GetRequiredService<IWorkflowRunner>();

        Assert.That(() => runner.RunAsync("checkout", new WorkflowRequest("1")), Throws.TypeOf<SchemaException>().With.Message.Contains("MigrateOrchestratorAsync"));

        await host.MigrateOrchestratorAsync();
        Assert.That((await runner.RunAsync("checkout", new WorkflowRequest("1"))).Succeeded, Is.True);
    }
}
