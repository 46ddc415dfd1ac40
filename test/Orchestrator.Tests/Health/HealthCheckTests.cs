using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.ReplicaSets;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Health;

/// <summary>The checks, asked as a probe asks them, over whole hosts.</summary>
internal sealed class HealthCheckTests
{
    [Test]
    public async Task Checks_HostStartsWorksAndStops_FollowIt()
    {
        using HostUnderTest host = CreateHost();
        Assert.That((await host.CheckAsync("ready")).Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That((await host.CheckAsync("live")).Status, Is.EqualTo(HealthStatus.Healthy), "a host that starts slowly must not be restarted");
        await host.StartAsync();
        await ComesTrueAsync(host, "ready", HealthStatus.Healthy);
        await ComesTrueAsync(host, "ready", entry => entry.Data["main"] is string text && text.Contains("partition 0 of 1", StringComparison.Ordinal) && entry.Data.ContainsKey("main/totals"));
        Assert.That((await host.CheckAsync("live")).Status, Is.EqualTo(HealthStatus.Healthy));
        await host.StopAsync().Soon();

        Assert.That((await host.CheckAsync("ready")).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task Ready_ProjectionHasStopped_DegradedAndNamesCausePositionAndNoMessage()
    {
        using HostUnderTest host = CreateHost(retries: 1);
        host.Script.OnEvent = (e, _, _) => e.GlobalPosition == 3 ? throw new FormatException("secret") : ValueTask.CompletedTask;
        await host.StartAsync();
        await host.AppendAsync(5);
        await ComesTrueAsync(host, "ready", HealthStatus.Degraded);
        HealthReportEntry entry = await host.CheckAsync("ready");
        Assert.That((await host.CheckAsync("live")).Status, Is.EqualTo(HealthStatus.Healthy));
        await host.StopAsync().Soon();

        Assert.That(entry.Description, Does.Contain("'totals'").And.Contain("FormatException").And.Not.Contain("secret"));
        Assert.That(entry.Data["main/totals"], Does.Contain("1 stopped").And.Not.Contain("secret"));
    }

    // Whoever holds the in-memory provider's gate stops every loop in its tracks, wherever it is.
    [Test]
    public async Task Live_LoopsReallyHang_FailsAndNamesThemUntilTheyTurnAgain()
    {
        using HostUnderTest host = CreateHost();
        await host.StartAsync();
        await ComesTrueAsync(host, "ready", HealthStatus.Healthy);
        using var free = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            lock (host.Database.Gate)
            {
                free.Wait();
            }
        });
        holder.Start();
        try
        {
            await ComesTrueAsync(host, "live", HealthStatus.Unhealthy);
            await ComesTrueAsync(host, "live", entry => entry.Description!.Contains("generation watch loop", StringComparison.Ordinal));
        }
        finally
        {
            free.Set();
            holder.Join();
        }

        await ComesTrueAsync(host, "live", HealthStatus.Healthy);
        await ComesTrueAsync(host, "ready", HealthStatus.Healthy);
        await host.StopAsync().Soon();
    }

    [Test]
    public async Task Live_HandlerBlocksItsThread_StaysHealthyAndReadinessTells()
    {
        using HostUnderTest host = CreateHost();
        using var free = new ManualResetEventSlim();
        host.Script.OnEvent = (_, _, _) =>
        {
            free.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        await host.StartAsync();
        await host.AppendAsync(1);
        try
        {
            await ComesTrueAsync(host, "ready", HealthStatus.Degraded);
            Assert.That((await host.CheckAsync("ready")).Description, Does.Contain("handler").And.Contain("'totals'"));
            Assert.That((await host.CheckAsync("live")).Status, Is.EqualTo(HealthStatus.Healthy));
        }
        finally
        {
            free.Set();
        }

        await ComesTrueAsync(host, "ready", HealthStatus.Healthy);
        await host.StopAsync().Soon();
    }

    [Test]
    public async Task Lag_ProjectionHasThresholdsOfItsOwn_TheyCountForItAlone()
    {
        using var host = new HostUnderTest(replicaSet =>
        {
            replicaSet.AddProjection<ScriptedProjection>("strict", projection => projection.Lag.Degraded = TimeSpan.FromMilliseconds(100));
            replicaSet.AddProjection<ScriptedProjection>("patient");
            replicaSet.AddProjection<ScriptedProjection>("critical", projection => projection.Lag.Unhealthy = TimeSpan.FromMilliseconds(200));
            replicaSet.Services.AddHealthChecks().AddProjectionOrchestrator();
        });
        var free = new TaskCompletionSource();
        host.Script.OnEvent = (_, _, _) => new ValueTask(free.Task);
        await host.StartAsync();
        await host.AppendAsync(1);
        await ComesTrueAsync(host, "lag", HealthStatus.Unhealthy);
        HealthReportEntry late = await host.CheckAsync("lag");
        Assert.That((await host.CheckAsync("ready")).Status, Is.EqualTo(HealthStatus.Healthy));
        free.SetResult();
        await ComesTrueAsync(host, "lag", HealthStatus.Healthy);
        await host.StopAsync().Soon();

        Assert.That(late.Description, Does.StartWith("Projection 'critical' of replica set 'main' is").And.Contain("projection 'strict'").And.Not.Contain("'patient'"));
        Assert.That(late.Data["main/patient"], Does.Contain("behind"));
    }

    [Test]
    public async Task AddProjectionOrchestrator_Twice_AddsEachCheckOnce()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory());
        builder.Services.AddHealthChecks().AddProjectionOrchestrator().AddProjectionOrchestrator();
        using IHost host = builder.Build();
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries.Keys, Is.EquivalentTo(new[] { "orchestrator-live", "orchestrator-ready", "orchestrator-lag" }));
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy), "there is no replica set that could be unwell");
    }

    [Test]
    public void LoopTimeout_OutOfRange_StopsTheStartWithTheKey([Values(0.5, 3_601)] double seconds)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory());
        builder.Configuration.Sources.Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = [new("Orchestrator:Health:LoopTimeout", TimeSpan.FromSeconds(seconds).ToString())],
        });
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        using IHost host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Orchestrator:Health:LoopTimeout"));
    }

    private static HostUnderTest CreateHost(int retries = 5) => new(
        rs =>
        {
            rs.AddProjection<ScriptedProjection>("totals");
            rs.Services.AddHealthChecks().AddProjectionOrchestrator(health => health.LoopTimeout = TimeSpan.FromSeconds(1));
        },
        rs => rs.Retry.MaxAttempts = retries);

    private static Task ComesTrueAsync(HostUnderTest host, string tag, HealthStatus status) => ComesTrueAsync(host, tag, entry => entry.Status == status);

    private static Task ComesTrueAsync(HostUnderTest host, string tag, Predicate<HealthReportEntry> condition) =>
        Eventually.HoldsAsync(async () => condition(await host.CheckAsync(tag)));
}
