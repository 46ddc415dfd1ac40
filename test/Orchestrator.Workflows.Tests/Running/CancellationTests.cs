using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Running;

/// <summary>The clock stands still behind every cancellation: a run that ended only with the next tick of a timer would never end here.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class CancellationTests
{
    private readonly CallLog _log = new();
    private readonly CancellationTokenSource _cancel = new();

    [TearDown]
    public void DisposeSource() => _cancel.Dispose();

    [Test]
    public async Task RunAsync_CancelledBefore_BeginsNothing()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer));
        await _cancel.CancelAsync();

        Assert.That(() => host.RunAsync(cancellationToken: _cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_log.Calls, Is.Empty);
    }

    [Test]
    public async Task RunAsync_CancelledInAService_StopsItAndBeginsNoOther()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Hang).AddService("b", _log.Answer, s => s.DependsOn("a")));
        Task run = host.RunAsync(cancellationToken: _cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));

        await EndsCancelledAsync(run);

        Assert.That(_log.Calls, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunAsync_CancelledInAPauseBetweenAttempts_EndsWithoutWaiting()
    {
        var journal = new ObservedJournal(new InMemoryWorkflowJournal(new ManualTime()));
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Fail), journal);
        Task run = host.RunAsync(cancellationToken: _cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(journal.Written.Any(entry => entry.Kind == JournalEntryKind.Retrying)));

        await EndsCancelledAsync(run);

        Assert.That(_log.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_CancelledWhileAnotherHostRunsIt_EndsWithoutWaiting()
    {
        var time = new ManualTime();
        var journal = new InMemoryWorkflowJournal(time);
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer), journal, time);
        await journal.ClaimAsync(new WorkflowRunStart("test", "1", host.Definition.Hash), "another", TimeSpan.FromMinutes(1), CancellationToken.None);
        Task run = host.RunAsync(cancellationToken: _cancel.Token);

        await EndsCancelledAsync(run);

        Assert.That(_log.Calls, Is.Empty);
    }

    [TestCase(JournalStep.Claim)]
    [TestCase(JournalStep.Started)]
    public async Task RunAsync_CancelledWhileTheJournalHangs_EndsWithoutWaiting(JournalStep step)
    {
        var journal = new ObservedJournal(new InMemoryWorkflowJournal(new ManualTime())) { HangsAt = step };
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer), journal);
        Task run = host.RunAsync(cancellationToken: _cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(journal.IsHanging));

        await EndsCancelledAsync(run);

        Assert.That(_log.Calls, Is.Empty);
    }

    [Test]
    public async Task RunAsync_CancelledWhenAServiceHasDoneItsWork_RecordsThatFirst()
    {
        var journal = new ObservedJournal(new InMemoryWorkflowJournal(new ManualTime()));
        await using var host = new WorkflowHost(
            workflow => workflow
                .AddService("payments", async (context, _) =>
                {
                    await _cancel.CancelAsync();
                    return await _log.Answer(context, CancellationToken.None);
                })
                .AddService("thanks", _log.Answer, s => s.DependsOn("payments")),
            journal);

        Assert.That(() => host.RunAsync(cancellationToken: _cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(journal.Written.Select(entry => entry.Kind), Is.EqualTo(new[] { JournalEntryKind.Started, JournalEntryKind.Succeeded }));

        (await host.RunAsync()).EnsureSucceeded();
        Assert.That(_log.Calls, Is.EqualTo(new[] { "payments", "thanks" }), "nobody pays twice");
    }

    [Test]
    public async Task RunAsync_CancelledAndRunAgain_GoesOnAtOnceAndDoesNotCountTheInterruption()
    {
        int asked = 0;
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (context, token) => Interlocked.Increment(ref asked) == 1 ? _log.Hang(context, token) : _log.Answer(context, token), s => s.Retry(0)));
        Task run = host.RunAsync(cancellationToken: _cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));
        await EndsCancelledAsync(run);

        WorkflowResult result = await host.RunAsync();

        Assert.That(result.EnsureSucceeded()["a"].Attempts, Is.EqualTo(2));
    }

    private async Task EndsCancelledAsync(Task run)
    {
        await _cancel.CancelAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(run.IsCompleted));
        Assert.That(run.IsCanceled, Is.True);
    }
}
