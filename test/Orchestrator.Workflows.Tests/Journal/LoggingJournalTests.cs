using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Journal;

internal sealed class LoggingJournalTests
{
    [Test]
    public async Task RunAsync_WithALoggingJournal_TellsTheStoryWithoutPayloads()
    {
        await using var host = new WorkflowHost(workflow => workflow
            .UseLoggingJournal()
            .AddService("a", (context, _) =>
            {
                context.Warn("careful");
                return ValueTask.FromResult<object?>("secret response");
            })
            .AddService("b", (_, _) => throw new InvalidOperationException("no"), s => s.Retry(0))
            .AddService("c", (_, _) => ValueTask.FromResult<object?>(null), s => s.DependsOn("b").DependsOn("a")));

        await host.RunAsync(payload: "secret payload");

        Assert.That(host.Logs.Entries.Select(entry => entry.EventId).Distinct(), Is.EquivalentTo(new[] { 6000, 6001, 6002, 6003 }));
        Assert.That(host.Logs.With(6001), Has.Count.EqualTo(5));
        Assert.That(host.Logs.Entries.Select(entry => entry.Message), Has.None.Contains("secret"));
        Assert.That(host.Logs.With(6001).Select(entry => entry.Message), Has.One.EndsWith("Skipped c, attempt 0 b").And.One.Contains("InvalidOperationException: no"));
    }
}
