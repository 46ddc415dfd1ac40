using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>The process that runs a workflow is killed behind every write to its journal, and between each service's work and the write that says so. Then the run goes on in another process.</summary>
internal sealed class KilledRunTests : PostgreSqlFixture
{
    // Behind the claim, three services that begin and end, and the end of the run.
    private const int Writes = 7;

    private static readonly string[] Services = ["a", "b", "c"];

    [Test]
    public async Task RunAsync_KilledAnywhere_EndsAsIfNothingHadHappened()
    {
        using IHost host = CrashWorker.Build(ConnectionString, _ => { });
        await host.MigrateOrchestratorAsync();
        await ExecuteAsync(Effects.CreateTable);
        IWorkflowRunner runner = host.Services.GetRequiredService<IWorkflowRunner>();
        string expected = Describe(await runner.RunAsync("test", CrashWorker.Request("undisturbed")));
        string[] places = [.. Enumerable.Range(0, Writes + 1).Select(write => $"{write}"), .. Services.Select(service => $"before {service}")];

        await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (place, _) =>
            Assert.That(await WorkerProcess.Start("one", ConnectionString, place, place).EndAsync(), Is.Not.Zero, $"it was not killed at {place}"));
        Assert.That(
            await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_runs AS run WHERE CASE WHEN request_id ~ '^[0-6]$' THEN status = 'running' AND request_id::int <= (SELECT count(*) FROM orchestrator_workflow_journal AS entry WHERE entry.run_id = run.run_id) END"),
            Is.EqualTo(Writes),
            "each was killed behind its write, and none had ended");
        await ExecuteAsync("CREATE TABLE recorded AS SELECT request_id, service, (SELECT count(*) FROM effects WHERE effects.request_id = run.request_id AND effects.service = entry.service) AS effects FROM orchestrator_workflow_runs AS run JOIN orchestrator_workflow_journal AS entry USING (run_id) WHERE kind = 'succeeded'");
        WorkflowResult[] results = await Task.WhenAll(places.Select(place => runner.RunAsync("test", CrashWorker.Request(place))));

        Assert.That(results.Select(Describe), Is.All.EqualTo(expected));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM recorded WHERE effects <> (SELECT count(*) FROM effects WHERE effects.request_id = recorded.request_id AND effects.service = recorded.service)"), Is.Zero, "what was recorded as succeeded did not run again");
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM (SELECT FROM effects GROUP BY request_id, service HAVING count(DISTINCT idempotency_key) > 1) AS keys"), Is.Zero, "what ran again had the same key");
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM (SELECT FROM effects WHERE request_id = 'before ' || service GROUP BY service HAVING count(*) >= 2) AS again"), Is.EqualTo(Services.Length), "between work and journal, it has to run again");
    }

    private static string Describe(WorkflowResult result) => string.Join("; ", result.Services.Select(service => $"{service.Service} {service.Outcome} {service.Response}"));
}
