using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Definitions;

internal sealed class WorkflowDefinitionTests
{
    private readonly CallLog _log = new();

    [Test]
    public async Task Hash_OfTheSameGraph_IsTheSame()
    {
        string hash = await HashAsync(w => w.AddService("a", _log.Answer).AddService("b", _log.Answer).AddService("c", _log.Answer, s => s.DependsOn("a").DependsOn("b")));

        Assert.That(await HashAsync(w => w.AddService("c", _log.Fail, s => s.DependsOn("b").DependsOn("a").Retry(2)).AddService("b", _log.Answer).AddService("a", _log.Answer)), Is.EqualTo(hash), "order and retries do not matter");
        Assert.That(await HashAsync(w => w.AddService("a", _log.Answer).AddService("b", _log.Answer).AddService("c", _log.Answer, s => s.DependsOn("a"))), Is.Not.EqualTo(hash));
        Assert.That(await HashAsync(w => w.AddService("a", _log.Answer).AddService("b", _log.Answer).AddService("c", _log.Answer, s => s.DependsOn("a").DependsOn("b", DependencyFailure.Continue))), Is.Not.EqualTo(hash));
        Assert.That(await HashAsync(w => w.AddService("a", _log.Answer).AddService("b", _log.Answer).AddService("d", _log.Answer, s => s.DependsOn("a").DependsOn("b"))), Is.Not.EqualTo(hash));
    }

    [TestCase(1, 0.5, 100)]
    [TestCase(2, 0.5, 200)]
    [TestCase(5, 0.5, 1600)]
    [TestCase(6, 0.5, 3000)]
    [TestCase(1000, 0.5, 3000)]
    [TestCase(1, 0, 80)]
    [TestCase(1, 1, 120)]
    [TestCase(6, 1, 3600)]
    public void Delay_BehindFailures_DoublesUpToTheLongestAndVaries(int failures, double chance, double milliseconds) =>
        Assert.That(RetryPolicy.From(new WorkflowRetryOptions()).Delay(failures, chance).TotalMilliseconds, Is.EqualTo(milliseconds).Within(0.001));

    // Pinned: whoever was asked under a key before an update must be asked under the same one behind it.
    [Test]
    public void IdempotencyKey_OfTheSameNames_NeverChanges()
    {
        Assert.That(WorkflowIdempotencyKey.Of("checkout", "123", "payments"), Is.EqualTo(new Guid("d8a2ed63-cebd-88b9-9346-b09ab9b43f6f")));
        Assert.That(WorkflowIdempotencyKey.Of("checkout1", "23", "payments"), Is.Not.EqualTo(WorkflowIdempotencyKey.Of("checkout", "123", "payments")));
    }

    private static async Task<string> HashAsync(Action<IWorkflowBuilder> workflow)
    {
        await using var host = new WorkflowHost(workflow);
        return host.Definition.Hash;
    }
}
