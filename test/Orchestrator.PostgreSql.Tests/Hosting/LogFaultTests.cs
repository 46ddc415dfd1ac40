using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orchestrator.Hosting.Errors;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Tests.EventLog;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>A log that becomes unfit to be read while hosts run: they live, stand still, say why, and go on once it is mended.</summary>
public sealed class LogFaultTests : HostFixture
{
    private const string MendSequence = "ALTER TABLE events ALTER COLUMN global_position SET CACHE 1";

    [TestCase("ALTER TABLE events DISABLE TRIGGER announce_append", null, "announce_append")]
    [TestCase("DROP TRIGGER announce_append ON events", null, "announce_append")]
    [TestCase("ALTER TABLE events ALTER COLUMN global_position SET CACHE 10", MendSequence, "CACHE 1")]
    public async Task Host_LogMadeUnsafeWhileItRuns_StandsStillAndGoesOnWhenMended(string sabotage, string? mend, string explanation)
    {
        var time = new ShiftedTime();
        using var host = new HostUnderTest(ConnectionString, time: time);
        await host.StartAsync();
        await host.AppendAsync("before", 5);
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 5);

        await ExecuteAsync(sabotage);
        time.Shift += TimeSpan.FromSeconds(61);
        string error = await host.ErrorAsync("not safe to read");
        await Eventually.HoldsAsync(async () => await CountAsync("orchestrator_workers") == 0);
        await ExecuteAsync("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('Thing', 'meanwhile', 1, gen_random_uuid(), 'Happened', '')");
        HealthReportEntry readiness = await host.ReadinessAsync();

        await ExecuteAsync(mend ?? MigrationFile.Render(new PostgreSqlOptions())[0].Content);
        await host.ReadyAsync();
        await host.AppendAsync("behind", 5);
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 11);

        Assert.That(error, Does.Contain(explanation));
        Assert.That(readiness.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(readiness.Description, Does.Contain(nameof(UnsafeEventLogException)));
        Assert.That(host.Errors, Is.EqualTo(new[] { error }), "it is tried again every few seconds, and said once");
        Assert.That(host.Lives);
    }

    [TestCase("TRUNCATE events, aggregate_heads RESTART IDENTITY")]
    [TestCase("DELETE FROM events; DELETE FROM aggregate_heads; SELECT setval('events_global_position_seq', 1, false)")]
    public async Task Host_LogRewoundWhileItRuns_StaysRefusedInThisProcessAndANewOneGoesOn(string rewind)
    {
        using (var host = new HostUnderTest(ConnectionString))
        {
            await host.StartAsync();
            await host.AppendAsync("before", 5);
            await Eventually.HoldsAsync(async () => await CountAsync("seen") == 5);

            await Eventually.HoldsAsync(() => TryAsync(rewind));
            string error = await host.ErrorAsync("fell from 5 to 0");
            await host.AppendAsync("behind", 8);
            await Eventually.HoldsAsync(async () => await CountAsync("orchestrator_workers") == 0);
            await ExecuteAsync("DELETE FROM projection_checkpoints; TRUNCATE seen");

            Assert.That(error, Does.Contain("Restart it once"));
            Assert.That((await host.ReadinessAsync()).Description, Does.Contain(nameof(EventLogRewoundException)));
            Assert.That(
                () => host.Services.GetRequiredService<SchemaGate>().PassAsync(CancellationToken.None),
                Throws.TypeOf<EventLogRewoundException>(), "the log has passed the old position, and its checkpoints are in order: only this process knows");
            Assert.That(host.Lives);
            await host.StopAsync();
            Assert.That(await CountAsync("seen"), Is.Zero);
        }

        using var restarted = new HostUnderTest(ConnectionString);
        await restarted.StartAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 8);
    }

    // A TRUNCATE can meet a reader in a deadlock: it locks the table before its sequence, and a reader looks at them in the other order.
    private async Task<bool> TryAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    [Test]
    public async Task Host_CheckpointAheadOfTheLog_WaitsUntilTheCheckpointLiesWithinIt()
    {
        await ExecuteAsync("INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) VALUES ('main', 'seen', 0, 32768, 7, 0)");
        using var host = new HostUnderTest(ConnectionString);
        await host.StartAsync();
        string error = await host.ErrorAsync("only drawn positions up to 0");
        await host.AppendAsync("grown", 10);
        Assert.That(
            () => host.Services.GetRequiredService<SchemaGate>().PassAsync(CancellationToken.None),
            Throws.TypeOf<EventLogRewoundException>(), "that the log has grown past the checkpoint hides the fault, and does not mend it");

        await ExecuteAsync("DELETE FROM projection_checkpoints");
        await Eventually.HoldsAsync(async () => await CountAsync("seen") == 10);

        Assert.That(error, Does.Contain("Projection 'seen' of replica set 'main' stands at position 7").And.Contain("delete its rows of projection_checkpoints"));
        Assert.That(host.Lives);
    }

    [Test]
    public async Task RunToEnd_OnALogThatMustNotBeRead_FailsInsteadOfWaiting()
    {
        using var host = new HostUnderTest(ConnectionString);
        await host.AppendAsync("one", 1);
        await ExecuteAsync("ALTER TABLE events DISABLE TRIGGER announce_append");

        await Assert.ThatAsync(host.RunToEndAsync, Throws.TypeOf<EventLogRefusedException>().With.Message.Contains("announce_append"));
    }
}
