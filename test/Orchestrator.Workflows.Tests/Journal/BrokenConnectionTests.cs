using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Journal;

/// <summary>Breaks every connection to its database.</summary>
internal sealed class BrokenConnectionTests : PostgreSqlFixture
{
    protected override bool NeedsOwnDatabase => true;

    [Test]
    public async Task RunAsync_ConnectionsBreakInTheMiddle_GoesOn()
    {
        await using JournalDatabase database = await JournalDatabase.OpenAsync(ConnectionString);
        await using var host = new WorkflowHost(
            workflow => workflow
                .AddService("a", async (_, _) =>
                {
                    await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
                    return "a";
                })
                .AddService("b", (context, _) => ValueTask.FromResult<object?>(context.GetResponse<string>("a") + "b"), s => s.DependsOn("a")),
            database.Journal,
            TimeProvider.System);

        WorkflowResult result = await host.RunAsync();

        Assert.That(result.EnsureSucceeded()["b"].GetResponse<string>(), Is.EqualTo("ab"));
        Assert.That(result.Services.Select(service => service.Attempts), Is.All.EqualTo(1));
    }
}
