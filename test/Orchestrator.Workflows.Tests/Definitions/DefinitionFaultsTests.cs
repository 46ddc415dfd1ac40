using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Workflows.DependencyInjection;

namespace Orchestrator.Workflows.Tests.Definitions;

internal sealed class DefinitionFaultsTests
{
    [Test]
    public async Task Start_EverythingWrong_SaysAllAtOnce()
    {
        string[] faults = await FaultsAsync(workflow => workflow
            .AddService("a", Nothing, s => s.DependsOn("b").DependsOn("nobody"))
            .AddService("b", Nothing, s => s.DependsOn("a"))
            .AddService("c", Nothing, s => s.Retry(-1).TimeLimit(TimeSpan.Zero))
            .AddService("c", Nothing, s => s.Retry(retry => retry.MaxRetryDelay = TimeSpan.FromMilliseconds(1)))
            .AddService(" ", Nothing, s => s.DependsOn("a").DependsOn("a")));

        Assert.That(faults, Is.EqualTo(new[]
        {
            "The workflow 'checkout': a service's name has 1 to 200 characters, not ' '.",
            "The workflow 'checkout' has several services named 'c'. A name is the key of a service's results: give all but one another.",
            "The workflow 'checkout', service 'a' depends on 'nobody', which the workflow does not have. Its services are: 'a', 'b', 'c', 'c', ' '.",
            "The workflow 'checkout', service ' ' says more than once that it depends on 'a': say it once.",
            "The workflow 'checkout', service 'c': MaxRetries is 0 to 1000, not -1.",
            "The workflow 'checkout', service 'c': TimeLimit is 1 ms to 1 day, not 00:00:00.",
            "The workflow 'checkout', service 'c': MaxRetryDelay is at least InitialDelay (00:00:00.1000000) and at most 1 day, not 00:00:00.0010000.",
            "The workflow 'checkout' has a cycle, so that none of these could ever run: a -> b -> a (each depends on the next). Remove one of the dependencies.",
        }));
    }

    [Test]
    public async Task Start_TwoWorkflowsWithFaults_SaysThoseOfBoth()
    {
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddWorkflow("one");
        host.Services.AddWorkflow("two", options => options.ClaimDuration = TimeSpan.Zero);

        Assert.That(await FaultsAsync(host), Is.EqualTo(new[]
        {
            "The workflow 'one' has no services: call AddService on it, or remove it.",
            "The workflow 'two' has no services: call AddService on it, or remove it.",
            "The workflow 'two': ClaimDuration is 1 second to 1 hour, not 00:00:00.",
        }));
    }

    [Test]
    public async Task Start_ServiceThatDependsOnItself_NamesTheCycle() =>
        Assert.That(await FaultsAsync(workflow => workflow.AddService("a", Nothing, s => s.DependsOn("a"))), Has.Length.EqualTo(1).And.All.Contains(": a -> a ("));

    [Test]
    public async Task Start_LongCycleBehindOthers_NamesTheCycleAlone()
    {
        string[] faults = await FaultsAsync(workflow => workflow
            .AddService("before", Nothing)
            .AddService("behind", Nothing, s => s.DependsOn("a"))
            .AddService("a", Nothing, s => s.DependsOn("before").DependsOn("b"))
            .AddService("b", Nothing, s => s.DependsOn("c"))
            .AddService("c", Nothing, s => s.DependsOn("a")));

        Assert.That(faults, Has.Length.EqualTo(1).And.All.Contains(": a -> b -> c -> a ("));
    }

    [Test]
    public void RunAsync_WithoutAHost_RefusesFaultsToo()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddWorkflow("checkout").AddService("a", Nothing, s => s.DependsOn("b"));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IWorkflowRunner>(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("'b'"));
    }

    [TestCase("")]
    [TestCase("a:b")]
    [TestCase("a\0b")]
    public void AddWorkflow_BadName_Throws(string name) => Assert.That(() => new ServiceCollection().AddWorkflow(name), Throws.ArgumentException);

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a\0b")]
    public void WorkflowRequest_BadId_Throws(string id) => Assert.That(() => new WorkflowRequest(id), Throws.ArgumentException);

    private static ValueTask<object?> Nothing(WorkflowContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object?>(null);

    private static async Task<string[]> FaultsAsync(Action<IWorkflowBuilder> build)
    {
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);
        build(host.Services.AddWorkflow("checkout"));
        return await FaultsAsync(host);
    }

    private static async Task<string[]> FaultsAsync(HostApplicationBuilder builder)
    {
        using IHost host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }

        return [];
    }
}
