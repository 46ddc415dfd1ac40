using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Tests.Processing;

namespace Orchestrator.Tests.Configuration;

/// <summary>Which of five places a projection's retry values come from, each by itself.</summary>
internal sealed class RetryPolicyTests
{
    private const string Main = "Orchestrator:ReplicaSets:main";

    [Test]
    public void Of_EveryPlaceSaysSomething_EachValueIsOfTheFirstThatSaysIt()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{Main}:Projections:totals:Retry:MaxAttempts"] = "7",
            [$"{Main}:Retry:MaxAttempts"] = "9",
            [$"{Main}:Retry:InitialDelay"] = "00:00:09",
            [$"{Main}:Retry:MaxDelay"] = "00:00:20",
        });
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory())
            .AddReplicaSet("main", rs => (rs.Retry.MaxAttempts, rs.Retry.MaxDelay, rs.Retry.JitterFactor) = (10, TimeSpan.FromSeconds(10), 0.5))
                .AddProjection<ScriptedProjection>("totals", p => (p.Retry.MaxAttempts, p.Retry.InitialDelay) = (8, TimeSpan.FromSeconds(8)));
        using IHost host = builder.Build();

        Assert.That(PolicyOf(host), Is.EqualTo(new RetryPolicy(7, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20), 0.5)));
    }

    [Test]
    public void Of_NobodySaysAnything_IsTheDefault()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory()).AddReplicaSet("main").AddProjection<ScriptedProjection>("totals");
        using IHost host = builder.Build();

        Assert.That(PolicyOf(host), Is.EqualTo(new RetryPolicy(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3), 0.2)));
    }

    private static RetryPolicy PolicyOf(IHost host) => RetryPolicy.Of(
        host.Services.GetRequiredService<IOptionsMonitor<ProjectionOptions>>().Get($"{Main}:Projections:totals").Retry,
        host.Services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>().Get("main").Retry);
}
