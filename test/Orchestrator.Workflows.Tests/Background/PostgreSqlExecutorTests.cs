using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Background;

internal sealed class PostgreSqlExecutorTests : PostgreSqlFixture
{
    private const string Ended = "SELECT count(*) FROM orchestrator_workflow_runs WHERE status = 'succeeded'";

    private readonly ConcurrentBag<int> _payloads = [];

    [Test]
    public async Task Events_TwoHosts_EachIsRunOnceAndWhatADeadHostLeftIsTakenOver()
    {
        await using BackgroundHost one = new(Workflow, ConnectionString);
        await using BackgroundHost two = new(Workflow, ConnectionString);
        await one.Host.MigrateOrchestratorAsync();
        await one.AppendAsync(events: 30);
        await one.StartAsync();
        await two.StartAsync();
        await Eventually.HoldsAsync(async () => await ReadAsync<long>(Ended) == 30);
        Assert.That(_payloads, Is.EquivalentTo(Enumerable.Range(1, 30)));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM orchestrator_workflow_runs AS run JOIN events ON event_id::text = request_id WHERE in_background AND convert_from(events.payload, 'UTF8') = run.payload::text"), Is.EqualTo(30));

        // As a host leaves it that dies in the middle of an attempt.
        await ExecuteAsync(
            """
            UPDATE orchestrator_workflow_runs SET status = 'running', finished_at = NULL, claim_expires_at = clock_timestamp() WHERE payload::text = '7';
            DELETE FROM orchestrator_workflow_journal USING orchestrator_workflow_runs AS run WHERE run.run_id = orchestrator_workflow_journal.run_id AND payload::text = '7' AND kind <> 'started';
            """);
        await Eventually.HoldsAsync(async () => await ReadAsync<long>(Ended) == 30);

        Assert.That(_payloads.Count(payload => payload == 7), Is.EqualTo(2));
        Assert.That(await ReadAsync<int>("SELECT max(attempt) FROM orchestrator_workflow_journal"), Is.EqualTo(2));
    }

    private void Workflow(IWorkflowBuilder workflow) => workflow.AddService("a", (context, _) =>
    {
        _payloads.Add(context.GetPayload<int>());
        return ValueTask.FromResult<object?>("done");
    });
}
