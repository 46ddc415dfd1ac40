using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Support;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Running;

/// <summary>Two hosts with one journal.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClaimTests
{
    private readonly CallLog _log = new();
    private readonly ManualTime _time = new();
    private readonly InMemoryWorkflowJournal _journal;

    public ClaimTests() => _journal = new InMemoryWorkflowJournal(_time);

    [Test]
    public async Task RunAsync_TwoHostsTheSameId_OneRunsItAndBothGetTheResult()
    {
        var answer = new TaskCompletionSource<object?>();
        await using var one = new WorkflowHost(workflow => workflow.AddService("a", Wait), _journal, _time);
        await using var two = new WorkflowHost(workflow => workflow.AddService("a", Wait), _journal, _time);
        Task<WorkflowResult> first = one.RunAsync();
        Task<WorkflowResult> second = two.RunAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));

        answer.SetResult("paid");
        await two.PassTimeUntilAsync(Task.WhenAll(first, second));

        Assert.That(new[] { (await first)["a"].GetResponse<string>(), (await second)["a"].GetResponse<string>() }, Is.All.EqualTo("paid"));
        Assert.That(_log.Calls, Has.Count.EqualTo(1));

        async ValueTask<object?> Wait(WorkflowContext context, CancellationToken cancellationToken)
        {
            await _log.Answer(context, cancellationToken);
            return await answer.Task;
        }
    }

    [Test]
    public async Task RunAsync_LongRun_RenewsItsClaim()
    {
        var answer = new TaskCompletionSource<object?>();
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", async (context, token) =>
        {
            await _log.Answer(context, token);
            return await answer.Task.WaitAsync(token);
        }), _journal, _time);
        Task<WorkflowResult> run = host.RunAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));
        DateTimeOffset end = _time.GetUtcNow() + TimeSpan.FromMinutes(3);
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(_time.GetUtcNow() >= end);
        });

        answer.SetResult("done");

        Assert.That((await run)["a"].Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_ClaimNotRenewed_StopsTheServicesAndWaitsForTheOther()
    {
        var failing = new FailingRenewals(_journal);
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (context, token) => context.Attempt == 1 ? _log.Hang(context, token) : _log.Answer(context, token)), failing, _time, options => options.ClaimDuration = TimeSpan.FromSeconds(1));
        Task<WorkflowResult> run = host.RunAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));

        await host.PassTimeUntilAsync(run);

        Assert.That((await run)["a"].Attempts, Is.EqualTo(2), "it claimed the run again, once the first claim had expired");
        Assert.That(host.Logs.With(6100), Has.Count.EqualTo(1));
        Assert.That(host.Logs.With(6101), Is.Not.Empty);
    }

    [Test]
    public async Task RunAsync_BegunWithOtherServices_IsRefused()
    {
        await using var old = new WorkflowHost(workflow => workflow.AddService("a", _log.Hang), _journal, _time);
        await using var changed = new WorkflowHost(workflow => workflow.AddService("b", _log.Answer), _journal, _time);
        using var cancel = new CancellationTokenSource();
        Task<WorkflowResult> run = old.RunAsync(cancellationToken: cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(_log.Calls.Count == 1));
        await cancel.CancelAsync();
        Assert.That(() => run, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(() => changed.RunAsync(), Throws.TypeOf<WorkflowDefinitionChangedException>());
        Assert.That((await changed.RunAsync("2")).Succeeded, Is.True);
    }

    private sealed class FailingRenewals(IWorkflowJournal inner) : WrappedJournal(inner)
    {
        public override ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) => throw new TimeoutException();
    }
}
