using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Effects of which several run at the same time, in a whole host.</summary>
public sealed class ConcurrentEffectsTests
{
    [Test]
    public async Task Run_SeveralAtTheSameTimeAndOneFails_EachIsDoneInItsAggregatesOrder()
    {
        var partner = new ConcurrentEffects.Partner();
        using var host = new HostUnderTest(rs => ConcurrentEffects.Add(rs, "Thing", partner), rs => rs.Retry.InitialDelay = TimeSpan.Zero);
        await host.AppendAsync(40);

        await host.RunToEndAsync();

        partner.AssertDone(events: 40);
    }
}
