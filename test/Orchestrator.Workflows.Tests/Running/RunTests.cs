using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Running;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunTests
{
    private readonly CallLog _log = new();

    [Test]
    public async Task RunAsync_Checkout_GivesEachServiceWhatItDependsOn()
    {
        await using var host = new WorkflowHost(workflow => workflow
            .AddService("total", (context, _) => ValueTask.FromResult<object?>(context.GetResponse<int>("price") * context.GetPayload<Order>()!.Quantity), s => s.DependsOn("price"))
            .AddService("price", (context, _) => ValueTask.FromResult<object?>(context.GetPayload<Order>()!.Article == "tea" ? 3 : 0))
            .AddService("thanks", (context, _) =>
            {
                context.Warn("no e-mail address");
                return ValueTask.FromResult<object?>(null);
            }));

        WorkflowResult result = await host.RunAsync(payload: new Order("tea", 4));

        Assert.That(result.EnsureSucceeded()["total"].GetResponse<int>(), Is.EqualTo(12));
        Assert.That(result.Services.Select(service => service.Service), Is.EqualTo(new[] { "total", "price", "thanks" }), "as they were added");
        Assert.That(result.Services.Select(service => service.Attempts), Is.All.EqualTo(1));
        Assert.That(result["thanks"].GetResponse<string>(), Is.Null);
        Assert.That(result.Warnings, Is.EqualTo(new[] { "no e-mail address" }));
    }

    [Test]
    public async Task RunAsync_IndependentServices_RunAtTheSameTime()
    {
        using var both = new Barrier(2);
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", Meet).AddService("b", Meet));

        Assert.That((await host.RunAsync()).Succeeded, Is.True);

        // Blocks its thread, as services should not and do.
        ValueTask<object?> Meet(WorkflowContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<object?>(both.SignalAndWait(TimeSpan.FromSeconds(20), cancellationToken) ? null : throw new TimeoutException());
    }

    [Test]
    public async Task RunAsync_ServiceClass_IsResolvedFromANewScopeForEveryAttempt()
    {
        await using var host = new WorkflowHost(workflow =>
        {
            workflow.Services.AddSingleton(_log).AddScoped<Scoped>();
            workflow.AddService<SecondTimeLucky>("lucky");
        });

        WorkflowResult result = await host.RunToEndAsync();

        Assert.That(result.EnsureSucceeded()["lucky"].Attempts, Is.EqualTo(2));
        Assert.That(Scoped.Seen.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task RunAsync_FailedDependency_SkipsAllBehindItAndNamesTheCause()
    {
        await using var host = new WorkflowHost(workflow => workflow
            .AddService("authorization", _log.Fail, s => s.Retry(0))
            .AddService("payments", _log.Answer, s => s.DependsOn("authorization"))
            .AddService("analytics", _log.Answer, s => s.DependsOn("payments"))
            .AddService("stock", _log.Answer));

        WorkflowResult result = await host.RunAsync();

        Assert.That(_log.Calls, Is.EquivalentTo(new[] { "authorization", "stock" }), "nothing runs behind a failed dependency, everything else does");
        Assert.That(result.Services.Select(service => service.Outcome), Is.EqualTo(new[] { ServiceOutcome.Failed, ServiceOutcome.Skipped, ServiceOutcome.Skipped, ServiceOutcome.Succeeded }));
        Assert.That(result["analytics"].SkippedBecauseOf, Is.EqualTo("authorization"));
        Assert.That(() => result["payments"].GetResponse<string>(), Throws.InvalidOperationException.With.Message.Contains("skipped because of 'authorization'"));
        var failure = Assert.Throws<WorkflowFailedException>(() => result.EnsureSucceeded());
        Assert.That(failure!.Message, Is.EqualTo(
            "The workflow 'test' failed for the request '1': 'authorization' failed after 1 attempt (System.InvalidOperationException: always); 'payments' was skipped because of 'authorization'; 'analytics' was skipped because of 'authorization'."));
        Assert.That(failure.InnerException, Is.TypeOf<InvalidOperationException>());
        Assert.That(failure.Result, Is.SameAs(result));
    }

    [Test]
    public async Task RunAsync_ContinueOnFailure_RunsAndSeesTheFailure()
    {
        await using var host = new WorkflowHost(workflow => workflow
            .AddService("coupon", _log.Fail, s => s.Retry(0))
            .AddService("payments", (context, _) => ValueTask.FromResult<object?>(context.GetResult("coupon").Outcome.ToString()), s => s.DependsOn("coupon", DependencyFailure.Continue)));

        WorkflowResult result = await host.RunAsync();

        Assert.That(result["payments"].GetResponse<string>(), Is.EqualTo("Failed"));
        Assert.That(result.Succeeded, Is.False, "a failure stays one");
    }

    [Test]
    public async Task GetResponse_OfAServiceThatIsNoDependency_SaysWhatToDo()
    {
        await using var host = new WorkflowHost(workflow => workflow
            .AddService("a", _log.Answer)
            .AddService("b", (context, _) => ValueTask.FromResult<object?>(context.GetResponse<string>("a")), s => s.Retry(0)));

        Assert.That((await host.RunAsync())["b"].Error, Does.Contain("DependsOn(\"a\")"));
    }

    [Test]
    public async Task RunAsync_ResponseThatIsNoJson_FailsTheService()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", (_, _) => ValueTask.FromResult<object?>(typeof(string)), s => s.Retry(0)));

        Assert.That((await host.RunAsync())["a"].Outcome, Is.EqualTo(ServiceOutcome.Failed));
    }

    [Test]
    public async Task RunAsync_UnknownWorkflow_NamesThoseThatAre()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer));

        Assert.That(() => host.Runner.RunAsync("other", new WorkflowRequest("1")), Throws.ArgumentException.With.Message.Contains("'test'"));
    }

    [Test]
    public async Task RunAsync_SameIdAgain_TakesTheResultFromTheJournal()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer).AddService("b", _log.Fail, s => s.Retry(0)));
        WorkflowResult first = await host.RunAsync();

        WorkflowResult again = await host.RunAsync();

        Assert.That(_log.Calls, Has.Count.EqualTo(2));
        Assert.That(again["a"].GetResponse<string>(), Is.EqualTo("a"));
        Assert.That(again["b"].Error, Is.EqualTo(first["b"].Error));
        Assert.That(again["b"].FinishedAt, Is.EqualTo(first["b"].FinishedAt));
        Assert.That((await host.RunAsync("2"))["a"].Outcome, Is.EqualTo(ServiceOutcome.Succeeded));
        Assert.That(_log.Calls, Has.Count.EqualTo(4), "another id is another run");
    }

    [Test]
    public async Task RunAsync_SameIdOtherRequest_IsRefused()
    {
        await using var host = new WorkflowHost(workflow => workflow.AddService("a", _log.Answer));
        await host.RunAsync(payload: new Order("tea", 4));

        Assert.That(() => host.RunAsync(payload: new Order("tea", 5)), Throws.TypeOf<WorkflowRequestConflictException>());
        Assert.That(() => host.Runner.RunAsync("test", new WorkflowRequest("1", new Order("tea", 4)) { TenantId = "another" }), Throws.TypeOf<WorkflowRequestConflictException>(), "nobody gets another tenant's result");
    }

    private sealed record Order(string Article, int Quantity);

    private sealed class Scoped
    {
        public static readonly List<Scoped> Seen = [];

        public Scoped() => Seen.Add(this);
    }

    private sealed class SecondTimeLucky(CallLog log, Scoped scoped) : IWorkflowService
    {
        public ValueTask<object?> ExecuteAsync(WorkflowContext context, CancellationToken cancellationToken)
        {
            _ = scoped;
            return log.FailFirst(1)(context, cancellationToken);
        }
    }
}
