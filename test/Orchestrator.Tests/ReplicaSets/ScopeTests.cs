using Orchestrator.Testing.Shared;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Each attempt at a batch has a dependency-injection scope of its own, whatever kind the handler is of.</summary>
public sealed class ScopeTests
{
    [TestCaseSource(typeof(ScopedHandlers), nameof(ScopedHandlers.Kinds))]
    public async Task Run_AnAttemptFails_EachHasAScopeThatIsDisposedBehindIt(string kind)
    {
        var scopes = new Scopes();
        using var host = new HostUnderTest(
            rs =>
            {
                rs.Services.AddScopes(scopes);
                ScopedHandlers.Add(rs, kind, "Thing");
            },
            rs => rs.Retry.InitialDelay = TimeSpan.Zero);
        await host.AppendAsync(8, ScopedHandlers.EventType);

        await host.RunToEndAsync();

        scopes.AssertOneAnAttempt(kind, events: 8);
    }
}
