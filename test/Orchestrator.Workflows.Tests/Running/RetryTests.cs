using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Running;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RetryTests
{
    private readonly CallLog _log = new();

    [Test]
    public async Task RunAsync_SuccessOnTheLastRetry_IsSuccess()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.FailFirst(3), s => s.Retry(3)));

        WorkflowResult result = await host.RunToEndAsync();

        Assert.That(result.EnsureSucceeded()["a"].Attempts, Is.EqualTo(4));
    }

    [Test]
    public async Task RunAsync_NoRetryLeft_IsFailure()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.FailFirst(4), s => s.Retry(3)));

        WorkflowResult result = await host.RunToEndAsync();

        Assert.That(result["a"].Outcome, Is.EqualTo(ServiceOutcome.Failed));
        Assert.That(result["a"].Attempts, Is.EqualTo(4));
        Assert.That(result["a"].Exception, Has.Message.EqualTo("no 4"), "the last one's error");
    }

    [Test]
    public async Task RunAsync_ErrorNotWorthARetry_IsFailureAtOnce()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Fail, s => s.Retry(retry => retry.ShouldRetry = error => error is not InvalidOperationException)));

        WorkflowResult result = await host.RunAsync();

        Assert.That(result.Succeeded, Is.False);
        Assert.That(_log.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RunAsync_BetweenAttempts_WaitsTheDoublingPause()
    {
        var at = new List<DateTimeOffset>();
        WorkflowHost? host = null;
        host = new WorkflowHost(workflow => workflow.AddService(
            "a",
            (context, token) =>
            {
                at.Add(host!.Time.GetUtcNow());
                return _log.FailFirst(3)(context, token);
            },
            s => s.Retry(retry => retry.JitterFactor = 0)));
        await using (host)
        {
            await host.RunToEndAsync();

            Assert.That(at.Zip(at.Skip(1), (earlier, later) => (later - earlier).TotalMilliseconds).Zip([100d, 200, 400], (waited, asked) => waited >= asked), Is.All.True);
        }
    }

    [Test]
    public async Task RunAsync_WarningsOfFailedAttempts_AreKept()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (context, _) =>
        {
            context.Warn($"attempt {context.Attempt}");
            return context.Attempt == 1 ? throw new InvalidOperationException() : ValueTask.FromResult<object?>(null);
        }));

        Assert.That((await host.RunToEndAsync()).Warnings, Is.EqualTo(new[] { "attempt 1", "attempt 2" }));
    }

    [Test]
    public async Task RunAsync_TimeLimitOver_FailsTheAttemptAndCancelsItsToken()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Hang, s => s.Retry(1).TimeLimit(TimeSpan.FromSeconds(2))));

        WorkflowResult result = await host.RunToEndAsync();

        Assert.That(result["a"].Exception, Is.TypeOf<TimeoutException>().With.Message.Contains("'a'"));
        Assert.That(_log.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task RunAsync_TimeLimitOverAndTokenIgnored_LeavesTheServiceBehindAndSaysSo()
    {
        var never = new TaskCompletionSource<object?>();
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (_, _) => new ValueTask<object?>(never.Task), s => s.Retry(0).TimeLimit(TimeSpan.FromSeconds(2))));

        WorkflowResult result = await host.RunToEndAsync();

        Assert.That(result["a"].Exception, Is.TypeOf<TimeoutException>());
        Assert.That(host.Logs.With(6103), Has.Count.EqualTo(1));
        never.SetResult(null);
    }

    [Test]
    public async Task RunAsync_EveryAttempt_HasTheSameIdempotencyKey()
    {
        var keys = new List<Guid>();
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (context, token) =>
        {
            keys.Add(context.IdempotencyKey);
            return _log.FailFirst(2)(context, token);
        }));

        await host.RunToEndAsync();

        Assert.That(keys, Has.Count.EqualTo(3).And.All.EqualTo(WorkflowIdempotencyKey.Of("test", "1", "a")));
    }
}
