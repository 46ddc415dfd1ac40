using System.Text.Json;
using Npgsql;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>The doctor from the command line.</summary>
public sealed class DoctorCommandTests : HostFixture
{
    private const string Append = """
        INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload) VALUES ('Thing', 'a literal', 1, gen_random_uuid(), 'Happened', 1, '')
        """;

    [Test]
    public async Task Doctor_NothingWrong_SaysSo()
    {
        CommandRun words = await RunAsync();
        CommandRun json = await RunAsync("--json");

        Assert.That((words.ExitCode, json.ExitCode), Is.EqualTo((0, 0)), words.Everything + json.Errors);
        Assert.That(words.Output, Does.Contain("Nobody holds the horizon").And.Contain("Nothing else found."));
        Assert.That(json.Json.GetProperty("findings").GetArrayLength(), Is.Zero);
        Assert.That(json.Json.GetProperty("horizon").GetProperty("lastDrawn").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Doctor_SlotsWithoutOwnerAndAnOpenAppend_NamesThemAndEndsWithOne()
    {
        await ExecuteAsync("""
            INSERT INTO orchestrator_replica_sets (replica_set) VALUES ('main');
            INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) VALUES ('main', E'seen\u001b[2J', 0, 32768, 0, 1)
            """);
        await using NpgsqlDataSource application = NpgsqlDataSource.Create(ConnectionStringWith(builder => builder.ApplicationName = "the \u001b[31mculprit"));
        await using NpgsqlConnection appender = await application.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await appender.BeginTransactionAsync();
        await using var append = new NpgsqlCommand(Append, appender, transaction);
        await append.ExecuteNonQueryAsync();

        CommandRun words = await RunAsync();
        CommandRun json = await RunAsync("--json", "--show-statements");

        Assert.That((words.ExitCode, json.ExitCode), Is.EqualTo((1, 1)), words.Errors + json.Errors);
        Assert.That(words.Output, Does.Contain($"pid {appender.ProcessID}").And.Contain("culprit").And.Contain("pg_terminate_backend").And.Contain("Error: slots-without-owner (main)").And.Contain(@"seen\u001B[2J"));
        Assert.That(words.Output + json.Output, Does.Not.Contain("\u001b").And.Not.Contain("a literal"));
        JsonElement holder = json.Json.GetProperty("horizon").GetProperty("holders")[0];
        Assert.That(holder.GetProperty("processId").GetInt32(), Is.EqualTo(appender.ProcessID));
        Assert.That(holder.GetProperty("lastStatement").GetString(), Does.StartWith("INSERT INTO events"));
        JsonElement finding = json.Json.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("code").GetString() == "slots-without-owner");
        Assert.That((finding.GetProperty("severity").GetString(), finding.GetProperty("replicaSet").GetString()), Is.EqualTo(("error", "main")));
        Assert.That(finding.GetProperty("wayOut").GetString(), Is.Not.Empty);
    }

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(["doctor", .. arguments, "--connection", ConnectionString]);
}
