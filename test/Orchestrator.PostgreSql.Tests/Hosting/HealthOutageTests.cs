using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>What the health checks say while the server is away.</summary>
[Category("PostgreSQL")]
public sealed class HealthOutageTests
{
    [Test]
    public async Task Checks_ServerStopsAndStarts_ReadinessFollowsAndLivenessHolds()
    {
        if (!(await SharedPostgreSql.GetAsync()).CanRestart)
        {
            Assert.Ignore("The server given by ORCHESTRATOR_POSTGRES is not ours to stop.");
        }

        // A server of its own: nobody else's tests must be hit.
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        using IHost host = CreateHost(server.ConnectionString);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        await host.MigrateOrchestratorAsync();
        await host.StartAsync();
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Status == HealthStatus.Healthy);

        await StopAsync(server.ProcessId!.Value);
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Description?.Contains("cannot register", StringComparison.Ordinal) == true);
        HealthReport away = await health.CheckHealthAsync();

        await server.RestartAsync(immediate: false);
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Status == HealthStatus.Healthy);
        await host.StopAsync();

        Assert.That(away.Entries["orchestrator-ready"].Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(away.Entries["orchestrator-live"].Status, Is.EqualTo(HealthStatus.Healthy), "an outage is no reason to restart the process");
        Assert.That(away.Entries["orchestrator-ready"].Description, Does.Not.Contain("Password").And.Not.Contain("127.0.0.1"));
    }

    private static async Task<HealthReportEntry> ReadinessAsync(HealthCheckService health) =>
        (await health.CheckHealthAsync(registration => registration.Tags.Contains("ready"))).Entries.Single().Value;

    // The signal for a fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
    private static async Task StopAsync(int postmaster)
    {
        using Process kill = Process.Start("kill", ["-INT", postmaster.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    private static IHost CreateHost(string connectionString)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main").AddProjection<Nothing>();
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        return builder.Build();
    }

    private sealed class Nothing : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
