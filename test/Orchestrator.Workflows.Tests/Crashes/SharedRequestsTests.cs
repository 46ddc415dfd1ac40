using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>Two processes are asked for the same requests at the same time, and one of them is killed now and then.</summary>
internal sealed class SharedRequestsTests : PostgreSqlFixture
{
    // By the attempt's beginning, and not by the time of its effect: a process that was slow for longer than its claim lasts may come to an effect behind the success of the one that has taken over,
    // in an attempt that began before.
    private const string EffectsOfAttemptsBehindASuccess = """
        SELECT count(*) FROM effects
        WHERE NOT EXISTS (
          SELECT FROM orchestrator_workflow_runs AS run JOIN orchestrator_workflow_journal AS started USING (run_id) JOIN orchestrator_workflow_journal AS succeeded USING (run_id, service)
          WHERE run.request_id = effects.request_id AND started.service = effects.service AND started.attempt = effects.attempt
            AND started.kind = 'started' AND succeeded.kind = 'succeeded' AND started.number < succeeded.number)
        """;

    // Few in every run of the tests; ORCHESTRATOR_WORKFLOW_REQUESTS asks for more.
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("ORCHESTRATOR_WORKFLOW_REQUESTS") ?? "200", CultureInfo.InvariantCulture);
    private static readonly int Kills = Math.Max(3, Requests / 300);

    [Test]
    public async Task RunAsync_TwoProcessesOneKilledNowAndThen_EachServiceSucceedsOnce()
    {
        using (IHost host = CrashWorker.Build(ConnectionString, _ => { }))
        {
            await host.MigrateOrchestratorAsync();
        }

        await ExecuteAsync($"DROP TABLE IF EXISTS effects; {Effects.CreateTable}; TRUNCATE orchestrator_workflow_runs CASCADE");
        int seed = 0;
        Process[] workers = [Start(), Start()];
        for (int kill = 1; kill <= Kills; kill++)
        {
            long until = (long)Requests * kill / (Kills + 1);
            await ReachedAsync(until);
            workers[kill % 2].Kill();
            await workers[kill % 2].EndAsync();
            workers[kill % 2] = Start();
        }

        Assert.That(await Task.WhenAll(workers.Select(worker => worker.EndAsync())), Is.All.Zero);
        await AssertExactAsync();

        Process Start() => WorkerProcess.Start("many", ConnectionString, $"{Requests}", $"{++seed}");
    }

    private async Task ReachedAsync(long ended)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_runs WHERE status = 'succeeded'") < ended)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }

    private async Task AssertExactAsync()
    {
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_runs WHERE status = 'succeeded'"), Is.EqualTo(Requests));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_journal WHERE kind = 'succeeded'"), Is.EqualTo(3L * Requests));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_journal WHERE kind NOT IN ('started', 'succeeded')"), Is.Zero);
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_runs WHERE claim_token > 1"), Is.Positive, "the killed ones had runs in hand");
        Assert.That(await ReadAsync<long>(EffectsOfAttemptsBehindASuccess), Is.Zero, "no service recorded as succeeded has run again");
        Assert.That(
            await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_journal AS earlier JOIN orchestrator_workflow_journal AS later USING (run_id) WHERE earlier.number < later.number AND earlier.claim_token > later.claim_token"),
            Is.Zero,
            "no stale claim has written");
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM (SELECT FROM effects GROUP BY request_id, service HAVING count(DISTINCT idempotency_key) > 1) AS keys"), Is.Zero);
    }
}
