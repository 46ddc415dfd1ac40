using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Doctor;

/// <summary>Each finding from the rows that mean it, with a reader's rights.</summary>
public sealed class DoctorTests : RoleFixture
{
    private const string Gone = "00000000-0000-0000-0000-000000000001";
    private const string ByHand = "00000000-0000-0000-0000-000000000002";
    private const string Stranger = "00000000-0000-0000-0000-000000000003";

    [Test]
    public async Task Examine_AFreshInstallation_FindsNothing() => Assert.That((await ExamineAsync(await CreateUserAsync("visitor", "reader"))).Findings, Is.Empty);

    [Test]
    public async Task Examine_EverythingIsWrong_NamesEachCauseTheWorstFirst()
    {
        await ExecuteAsync(
            $"""
            INSERT INTO orchestrator_replica_sets (replica_set) VALUES ('main'), ('other');
            INSERT INTO orchestrator_workers (worker_id, replica_set, state, projections, host_name, process_id, application_version, session_pid, session_backend_start, started_at) VALUES
              ('{Gone}', 'main', 'ready', ARRAY['totals'], 'pod-1', 17, '1', 1, now(), now() - interval '1 hour'),
              ('{ByHand}', 'main', 'static', ARRAY['totals', 'users'], 'pod-2', 18, '1', 0, now(), now() - interval '1 hour'),
              (gen_random_uuid(), 'other', 'ready', ARRAY['users'], 'pod-3', 19, '1', 0, now(), now() - interval '1 hour');
            INSERT INTO orchestrator_heartbeats (worker_id, replica_set, heartbeat_at) VALUES ('{Gone}', 'main', now() - interval '40 seconds'), ('{ByHand}', 'main', now());
            INSERT INTO orchestrator_generations (replica_set, state, total_partitions, members, leader_id, reason)
              SELECT 'other', 'superseded', 1, ARRAY['{Gone}'::uuid], '{Gone}', 'reason ' || i FROM generate_series(1, 12) AS i;
            INSERT INTO orchestrator_generations (replica_set, state, total_partitions, members, leader_id, reason, created_at)
              VALUES ('other', 'forming', 1, ARRAY['{Gone}'::uuid], '{Gone}', 'stuck', now() - interval '5 minutes');
            INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id, worker_id, updated_at) VALUES
              ('main', 'totals', 0, 16384, 7, 1, '{ByHand}', now()), ('main', 'totals', 16384, 32768, 5, 1, '{Stranger}', now()),
              ('main', 'users', 0, 32768, 3, 1, '{ByHand}', now() - interval '5 minutes');
            """);
        await using NpgsqlConnection elsewhere = await OpenAsync($"orc:{Stranger}:main");

        DoctorReport report = await ExamineAsync(await CreateUserAsync("visitor", "reader"));

        // Workers of other tests may be about, in other schemas and databases.
        Dictionary<string, DoctorFinding> findings = report.Findings.GroupBy(finding => finding.Code).ToDictionary(same => same.Key, same => same.First());

        Assert.That(
            findings.Keys,
            Is.EquivalentTo(new[]
            {
                "checkpoint-ahead-of-log", "slots-without-owner", "partitions-mixed", "heartbeat-late", "worker-gone", "many-generations", "rescale-stuck", "projection-stands-still", "workers-apart",
                "projections-differ", "workers-elsewhere",
            }));
        Assert.That(report.Findings.Select(finding => finding.Severity), Is.Ordered.Descending);
        Assert.That(findings["checkpoint-ahead-of-log"].Cause, Does.Contain("position 7").And.Contain("up to 0"));
        Assert.That(findings["slots-without-owner"].Cause, Does.StartWith("16384 of 32768 slots of projection 'totals' have no owner."));
        Assert.That(findings["heartbeat-late"].Cause, Does.Match($@"worker {Gone} \(process 17 on pod-1\) came 4\d s ago"));
        Assert.That(findings["worker-gone"].Cause, Does.Contain(Gone));
        Assert.That(findings["many-generations"].Cause, Does.Contain("13 generations").And.Contain("stuck; reason 12; reason 11"));
        Assert.That(findings["projection-stands-still"].Cause, Does.Contain("'users' stands at position 3"));
        Assert.That(findings["workers-apart"].Cause, Does.Contain("'users'").And.Contain("'main', 'other'"));
        Assert.That(report.Findings, Has.Some.Property("Code").EqualTo("workers-elsewhere").And.Property("Cause").Contains("another schema"));
    }

    [Test]
    public async Task Examine_NoTables_SaysHowToMigrate()
    {
        string empty = await Server.CreateSchemaAsync("empty");
        try
        {
            await Assert.ThatAsync(() => ExamineAsync(empty), Throws.TypeOf<SchemaVersionException>().With.Message.Contains("are missing"));
        }
        finally
        {
            await Server.DropSchemaAsync(empty);
        }
    }

    private static async Task<DoctorReport> ExamineAsync(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPostgreSqlEventStore(connectionString);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IOrchestratorDoctor>().ExamineAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync(string applicationName)
    {
        var connection = new NpgsqlConnection(ConnectionStringWith(builder => (builder.Pooling, builder.ApplicationName) = (false, applicationName)));
        await connection.OpenAsync();
        return connection;
    }
}
