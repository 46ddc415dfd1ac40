using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Health;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Each fault is caused, and the health check whose matter it is names it; the others stay well. What is well is never said to be sick.</summary>
public sealed class HealthFaultTests : HostFixture
{
    [Test]
    public async Task Checks_OpenAppend_LagNamesTheHolderUntilItEnds()
    {
        using HostUnderTest host = CreateHost();
        await host.StartAsync();
        await host.ReadyAsync();
        await using var console = new NpgsqlConnection(ConnectionStringWith(builder => (builder.Pooling, builder.ApplicationName) = (false, "forgotten console")));
        await console.OpenAsync();
        NpgsqlTransaction open = await console.BeginTransactionAsync();
        await AppendOpenAsync(console);
        await host.AppendAsync("waits", 1);

        HealthReportEntry lag = await SeesAsync(host, "lag", HealthStatus.Degraded);
        await AssertAsync(host, ("live", HealthStatus.Healthy), ("ready", HealthStatus.Healthy));
        await open.RollbackAsync();
        await SeesAsync(host, "lag", HealthStatus.Healthy);

        Assert.That(lag.Description, Does.Contain("open append holds back").And.Contain($"pid {console.ProcessID} ('forgotten console'), since "));
    }

    [Test]
    public async Task Checks_HandlerKeepsFailing_ReadinessAndLagNameTheStoppedRow()
    {
        await ExecuteAsync("ALTER TABLE seen ADD CHECK (aggregate_id <> 'poison')");
        using HostUnderTest host = CreateHost();
        await host.StartAsync();
        await host.ReadyAsync();
        await host.AppendAsync("poison", 1);

        HealthReportEntry ready = await SeesAsync(host, "ready", HealthStatus.Degraded);
        HealthReportEntry lag = await SeesAsync(host, "lag", HealthStatus.Degraded);
        await AssertAsync(host, ("live", HealthStatus.Healthy));

        Assert.That(ready.Description, Does.Contain("'seen'").And.Contain("has stopped for slots").And.Contain("23514"));
        Assert.That(lag.Description, Does.Contain("it has stopped for slots").And.Contain("23514"));
    }

    [Test]
    public async Task Checks_NobodyHasAPartition_LagNamesTheSlotsUntilSomebodyDoes()
    {
        using HostUnderTest first = CreateHost(partition: 0);
        await first.StartAsync();
        await first.ReadyAsync();

        HealthReportEntry lag = await SeesAsync(first, "lag", HealthStatus.Degraded);
        await AssertAsync(first, ("live", HealthStatus.Healthy), ("ready", HealthStatus.Healthy));
        using (HostUnderTest second = CreateHost(partition: 1))
        {
            await second.StartAsync();
            await SeesAsync(first, "lag", HealthStatus.Healthy);
            await second.StopAsync();
        }

        await SeesAsync(first, "lag", HealthStatus.Degraded);

        Assert.That(lag.Description, Does.Contain("16384 of 32768 slots of projection 'seen'").And.Contain("no owner"));
    }

    [Test]
    public async Task Checks_LoadAndRescales_NeverCallAHealthyWorkerSick([Values] RebalanceStrategy strategy)
    {
        using HostUnderTest stays = CreateHost(strategy: strategy);
        await stays.StartAsync();
        await stays.ReadyAsync();
        using var over = new CancellationTokenSource();
        Task<List<string>> watched = WatchAsync(stays, over.Token);
        Task appending = AppendAsync(stays, over.Token);
        for (int i = 0; i < 2; i++)
        {
            using HostUnderTest comesAndGoes = CreateHost(strategy: strategy);
            await comesAndGoes.StartAsync();
            await comesAndGoes.ReadyAsync();
            await Eventually.HoldsAsync(async () => ((string)(await stays.ReadinessAsync()).Data["main"]).Contains(" of 2 ", StringComparison.Ordinal));
            await comesAndGoes.StopAsync();
            await Eventually.HoldsAsync(async () => ((string)(await stays.ReadinessAsync()).Data["main"]).Contains(" of 1 ", StringComparison.Ordinal));
        }

        await over.CancelAsync();
        await appending;

        Assert.That(await watched, Is.Empty);
    }

    private HostUnderTest CreateHost(int? partition = null, RebalanceStrategy strategy = RebalanceStrategy.Recreate) => new(
        ConnectionString,
        services: services => services.Configure<OrchestratorHealthOptions>(health => health.Lag.Degraded = TimeSpan.FromSeconds(3)),
        replicaSet: set =>
        {
            set.Strategy = strategy;
            set.Retry.MaxAttempts = 1;
            (set.PartitionKey, set.TotalPartitions) = (partition, partition is null ? null : 2);
        });

    private static async Task AppendOpenAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Thing', 'open', 1, gen_random_uuid(), 'Happened', '')", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<HealthReportEntry> SeesAsync(HostUnderTest host, string tag, HealthStatus status)
    {
        long begunAt = TimeProvider.System.GetTimestamp();
        HealthReportEntry entry = default;
        await Eventually.HoldsAsync(async () => (entry = await host.CheckAsync(tag)).Status == status, $"{tag} is {status}");
        await TestContext.Out.WriteLineAsync($"{tag}: {status} after {TimeProvider.System.GetElapsedTime(begunAt).TotalSeconds:0.0} s: {entry.Description}");
        return entry;
    }

    private static async Task AssertAsync(HostUnderTest host, params (string Tag, HealthStatus Status)[] expected)
    {
        foreach ((string tag, HealthStatus status) in expected)
        {
            HealthReportEntry entry = await host.CheckAsync(tag);
            Assert.That(entry.Status, Is.EqualTo(status), entry.Description);
        }
    }

    private static async Task<List<string>> WatchAsync(HostUnderTest host, CancellationToken over)
    {
        var sick = new List<string>();
        while (!over.IsCancellationRequested)
        {
            foreach (string tag in new[] { "live", "ready", "lag" })
            {
                HealthReportEntry entry = await host.CheckAsync(tag);
                if (entry.Status != HealthStatus.Healthy)
                {
                    sick.Add($"{tag}: {entry.Description}");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        return sick;
    }

    private static async Task AppendAsync(HostUnderTest host, CancellationToken over)
    {
        for (int i = 0; !over.IsCancellationRequested; i++)
        {
            await host.AppendAsync($"thing {i}", 10);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
