using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Background;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ExecutorTests
{
    private readonly InMemoryDatabase _database = new();
    private readonly InMemoryWorkflowJournal _journal = new(TimeProvider.System);
    private readonly CallLog _log = new();

    [Test]
    public async Task Event_Appended_RunsTheWorkflowWithItsPayload()
    {
        var payloads = new ConcurrentBag<int>();
        await using BackgroundHost host = Host(workflow => workflow.AddService("a", (context, _) =>
        {
            payloads.Add(context.GetPayload<int>());
            return ValueTask.FromResult<object?>(null);
        }));
        await host.StartAsync();

        await host.AppendAsync(events: 20);

        await Eventually.HoldsAsync(() => Task.FromResult(payloads.Count == 20));
        Assert.That(payloads, Is.EquivalentTo(Enumerable.Range(1, 20)));
    }

    [Test]
    public async Task Runs_MoreThanMayRunAtOnce_TakeTurns()
    {
        int running = 0;
        var together = new ConcurrentBag<int>();
        using var three = new SemaphoreSlim(0);
        await using BackgroundHost host = Host(
            workflow => workflow.AddService("a", async (_, token) =>
            {
                together.Add(Interlocked.Increment(ref running));
                await three.WaitAsync(token);
                Interlocked.Decrement(ref running);
                return null;
            }),
            options => options.MaxConcurrentRuns = 3);
        await host.StartAsync();
        await host.AppendAsync(events: 9);
        await Eventually.HoldsAsync(() => Task.FromResult(together.Count == 3));

        three.Release(9);

        await Eventually.HoldsAsync(() => Task.FromResult(host.Logs.With(6202).Count == 9));
        Assert.That(together.Max(), Is.EqualTo(3));
    }

    [Test]
    public async Task StopAsync_RunInHand_IsWaitedFor()
    {
        var answer = new TaskCompletionSource<object?>();
        BackgroundHost host = Host(workflow => workflow.AddService("a", async (context, token) =>
        {
            await _log.Answer(context, token);
            return await answer.Task.WaitAsync(token);
        }));
        await host.StartAsync();
        await host.AppendAsync(events: 1);
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));
        Task stop = host.StopAsync();

        answer.SetResult("done");
        await stop;

        Assert.That(host.Logs.With(6202), Has.Count.EqualTo(1));
        await host.DisposeAsync();
    }

    [Test]
    public async Task StopAsync_RunTakesTooLong_IsLeftForAnotherHost()
    {
        await using BackgroundHost first = Host(workflow => workflow.AddService("a", _log.Hang), options => options.DrainTimeout = TimeSpan.Zero);
        await first.StartAsync();
        await first.AppendAsync(events: 1);
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));
        await first.StopAsync();
        await using BackgroundHost second = Host(workflow => workflow.AddService("a", _log.Answer));

        await second.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(second.Logs.With(6202).Count == 1));
        Assert.That(first.Logs.With(6205), Has.Count.EqualTo(1));
        Assert.That(_log.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Run_Failed_IsLoggedByTheServicesNamesAlone()
    {
        await using BackgroundHost host = Host(workflow => workflow.AddService("a", (_, _) => throw new InvalidOperationException("secret"), s => s.Retry(0)).AddService("b", _log.Answer, s => s.DependsOn("a")));
        await host.StartAsync();

        await host.AppendAsync(events: 1);

        await Eventually.HoldsAsync(() => Task.FromResult(host.Logs.With(6203).Count == 1));
        Assert.That(host.Logs.With(6203).Single().Message, Does.EndWith("has failed: a"));
    }

    private BackgroundHost Host(Action<IWorkflowBuilder> workflow, Action<WorkflowOptions>? configure = null) => new(workflow, configure, _database, _journal);
}
