using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

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
        using var loggers = new RecordingLoggers();
        using IHost host = CreateHost(server.ConnectionString, loggers);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        await host.MigrateOrchestratorAsync();
        await host.StartAsync();
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Status == HealthStatus.Healthy);
        await Eventually.HoldsAsync(() => IsListeningAsync(server.ConnectionString));

        await StopAsync(server.ProcessId!.Value);
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Description?.Contains("cannot register", StringComparison.Ordinal) == true);
        HealthReport away = await health.CheckHealthAsync();

        await server.RestartAsync(immediate: false);
        await Eventually.HoldsAsync(async () => (await ReadinessAsync(health)).Status == HealthStatus.Healthy);
        await Eventually.HoldsAsync(() => Task.FromResult(loggers.With(4003).Count == 1));
        await host.StopAsync();

        Assert.That(away.Entries["orchestrator-ready"].Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(away.Entries["orchestrator-live"].Status, Is.EqualTo(HealthStatus.Healthy), "an outage is no reason to restart the process");
        Assert.That(away.Entries["orchestrator-ready"].Description, Does.Not.Contain("Password").And.Not.Contain("127.0.0.1"));
        Assert.That(away.Entries["orchestrator-lag"].Data["main"], Does.Contain("no registered worker").And.Not.Contain("127.0.0.1"));
        AssertSaidOnce(loggers, failed: 1005, over: 1013);
        AssertSaidOnce(loggers, failed: 4001, over: 4003);
    }

    private static async Task<bool> IsListeningAsync(string connectionString)
    {
        // Unpooled: it would be found broken later.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'orchestrator listener'", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    // Each cause once, then quietly, and one line when it is over.
    private static void AssertSaidOnce(RecordingLoggers loggers, int failed, int over)
    {
        LogEntry[] loud = [.. loggers.With(failed).Where(entry => entry.Level > LogLevel.Debug)];
        Assert.That(loud.Zip(loud.Skip(1)).Where(pair => pair.First.Exception!.Message == pair.Second.Exception!.Message), Is.Empty);
        Assert.That(loud, Is.Not.Empty);
        Assert.That(loggers.With(over), Has.Count.EqualTo(1));
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

    private static IHost CreateHost(string connectionString, RecordingLoggers loggers)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(loggers);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main").AddProjection<Nothing>();
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        return builder.Build();
    }

    private sealed class Nothing : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
