using System.Text.Json;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>The commands that look, over rows of which it is known what must come out.</summary>
public sealed class InspectionTests : HostFixture
{
    private const string Leader = "00000000-0000-0000-0000-00000000000a";
    private const string Gone = "00000000-0000-0000-0000-00000000000b";

    [SetUp]
    public Task CreateRows() => ExecuteAsync($"""
        INSERT INTO orchestrator_replica_sets (replica_set, leader_id) VALUES ('main', '{Leader}'), ('other', NULL);
        INSERT INTO orchestrator_generations (replica_set, state, total_partitions, members, leader_id, reason, activated_at, superseded_at) VALUES
          ('main', 'superseded', 1, ARRAY['{Leader}'::uuid], '{Leader}', 'first', now(), now()),
          ('main', 'active', 2, ARRAY['{Leader}'::uuid, '{Gone}'], '{Leader}', '1 worker joined', now(), NULL);
        INSERT INTO orchestrator_workers (worker_id, replica_set, generation_id, partition_key, projections, host_name, process_id, application_version, session_pid, session_backend_start) VALUES
          ('{Leader}', 'main', 2, 0, ARRAY['seen'], 'host-a', 11, '1.2.3', 0, now()),
          ('{Gone}', 'main', 2, 1, ARRAY['seen'], 'host-b', 12, '1.2.3', 99999, now());
        INSERT INTO orchestrator_heartbeats (worker_id, replica_set, heartbeat_at) VALUES ('{Leader}', 'main', now() - interval '7 seconds');
        INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, created_at)
        SELECT 'Thing', 'a', i, gen_random_uuid(), 'Happened', 1, 'secret payload', now() - make_interval(mins => 100 - i) FROM generate_series(1, 10) AS i;
        INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id, worker_id) VALUES
          ('main', 'seen', 0, 16384, 4, 2, '{Leader}'), ('main', 'seen', 16384, 32768, 10, 2, NULL), ('main', 'at-the-end', 0, 32768, 10, 2, '{Leader}')
        """);

    [Test]
    public async Task Status_SeveralReplicaSets_ShowsALineEach()
    {
        CommandRun table = await RunAsync("status");
        CommandRun json = await RunAsync("status", "--json", "--replica-set", "main");

        Assert.That((table.ExitCode, json.ExitCode), Is.EqualTo((0, 0)), table.Errors + json.Errors);
        Assert.That(table.Output, Does.Match(@"(?m)^main +2 active +2 +2 \(1 gone\) +2 +6 +1 h 35 min").And.Match("(?m)^other +none +0 +0 +0 +0 +0 s"));
        JsonElement main = json.Json.GetProperty("replicaSets").EnumerateArray().Single();
        Assert.That(json.Json.GetProperty("logEnd").GetInt64(), Is.EqualTo(10));
        Assert.That(json.Json.GetProperty("readAt").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.UnixEpoch));
        Assert.That(main.GetProperty("leaderId").GetGuid(), Is.EqualTo(Guid.Parse(Leader)));
        Assert.That(main.GetProperty("activeGenerationId").GetInt64(), Is.EqualTo(2));
        Assert.That(main.GetProperty("formingGenerationId").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(main.GetProperty("workersGone").GetInt32(), Is.EqualTo(1));
        Assert.That(main.GetProperty("secondsBehind").GetDouble(), Is.EqualTo(5_700).Within(600));
    }

    [Test]
    public async Task Workers_OneGoneAndOneBehindAProxy_TellsThemApart()
    {
        CommandRun table = await RunAsync("workers");
        CommandRun json = await RunAsync("workers", "--json");

        Assert.That(table.Output, Does.Match(@"(?m)^main +0 of 2 +works, leads +host-a +11 +1\.2\.3 +\S+ s ago").And.Match(@"(?m)^main +1 of 2 +gone +host-b +12 +1\.2\.3 +none yet"));
        JsonElement[] workers = [.. json.Json.GetProperty("replicaSets")[0].GetProperty("workers").EnumerateArray()];
        Assert.That(workers.Select(worker => worker.GetProperty("isConnected").ValueKind), Is.EqualTo((JsonValueKind[])[JsonValueKind.Null, JsonValueKind.False]));
        Assert.That(workers[0].GetProperty("heartbeatAgeSeconds").GetDouble(), Is.GreaterThanOrEqualTo(7));
        Assert.That(workers[0].GetProperty("projections")[0].GetString(), Is.EqualTo("seen"));
    }

    [Test]
    public async Task Generations_Counted_ShowsTheNewestFirst()
    {
        CommandRun all = await RunAsync("generations");
        CommandRun one = await RunAsync("generations", "--json", "--count", "1", "-r", "main");

        Assert.That(all.Output, Does.Match(@"(?s)2 +active +2 +recreate.*1 worker joined.*1 +superseded +1 +recreate.*first"));
        JsonElement generation = one.Json.GetProperty("generations").EnumerateArray().Single();
        Assert.That(generation.GetProperty("generationId").GetInt64(), Is.EqualTo(2));
        Assert.That(generation.GetProperty("members").EnumerateArray().Select(member => member.GetGuid()), Is.EqualTo((Guid[])[Guid.Parse(Leader), Guid.Parse(Gone)]));
        Assert.That((await RunAsync("generations", "--count", "0")).Errors, Does.Contain("--count must be 1 or more"));
    }

    [Test]
    public async Task Lag_OfAProjectionBehind_CountsPositionsAndTheAgeOfTheNextEvent()
    {
        CommandRun table = await RunAsync("lag");
        JsonElement projections = (await RunAsync("lag", "--json", "--partitions", "-r", "main")).Json.GetProperty("replicaSets")[0].GetProperty("projections");

        Assert.That(table.Output, Does.Match("(?m)^main +seen +4 +6 +1 h 35 min").And.Match("(?m)^main +at-the-end +10 +0 +0 s"));
        JsonElement seen = projections.EnumerateArray().Single(projection => projection.GetProperty("name").GetString() == "seen");
        Assert.That(seen.GetProperty("position").GetInt64(), Is.EqualTo(4));
        Assert.That(seen.GetProperty("eventsBehind").GetInt64(), Is.EqualTo(6));
        Assert.That(seen.GetProperty("secondsBehind").GetDouble(), Is.EqualTo(5_700).Within(600));
        JsonElement[] parts = [.. seen.GetProperty("partitions").EnumerateArray()];
        Assert.That(parts.Select(part => part.GetProperty("eventsBehind").GetInt64()), Is.EqualTo((long[])[6, 0]));
        Assert.That(parts[0].GetProperty("partition").GetInt32(), Is.Zero);
        Assert.That(parts[1].GetProperty("workerId").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await RunAsync("lag", "--partitions")).Output, Does.Match("(?m)^main +seen +16384-32767 +- +10 +0 +0 s +none: its events wait"));
    }

    [TestCase(0, "--max-events", "6")]
    [TestCase(1, "--max-events", "5")]
    [TestCase(0, "--max-seconds", "100000")]
    [TestCase(1, "--max-seconds", "1.5")]
    [TestCase(1, "--max-seconds", "1", "--watch")]
    [TestCase(2, "--max-seconds", "-1")]
    [TestCase(2, "--watch", "--interval", "0")]
    [TestCase(2, "--watch", "--interval", "soon")]
    public async Task Lag_WithLimits_EndsWithTheCodeThatTheyAskFor(int exitCode, params string[] limits)
    {
        CommandRun run = await RunAsync(["lag", .. limits]);

        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Errors);
    }

    [TestCase("status")]
    [TestCase("workers")]
    [TestCase("generations")]
    [TestCase("lag")]
    public async Task Command_UnknownReplicaSet_NamesThoseThatThereAre(string command)
    {
        CommandRun run = await RunAsync(command, "--replica-set", "mian");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Errors, Does.Contain("There is no replica set 'mian'. There are: main, other."));
    }

    [TestCase("status")]
    [TestCase("workers")]
    [TestCase("generations")]
    [TestCase("lag", "--partitions")]
    [TestCase("doctor")]
    [TestCase("migrations", "status")]
    public async Task Json_EveryProperty_IsInTheDocumentation(params string[] command)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "command-line.md"));

        string[] names = [.. Properties((await RunAsync([.. command, "--json"])).Json).Distinct(StringComparer.Ordinal)];

        Assert.That(names, Is.Not.Empty);
        Assert.That(names.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal) && !page.Contains($"\"{name}\"", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Command_HostileNames_ReachTheTerminalAsText()
    {
        string name = "[red]x[/] \u001b[2J\r\n\u202eabc\u0007 'quo\"tes' \ud83d\ude00 " + new string('z', 100);
        await ExecuteAsync($"""
            INSERT INTO orchestrator_replica_sets (replica_set) VALUES ('{name.Replace("'", "''", StringComparison.Ordinal)}');
            UPDATE orchestrator_generations SET reason = r.replica_set FROM orchestrator_replica_sets AS r WHERE length(r.replica_set) > 50;
            UPDATE orchestrator_workers SET host_name = r.replica_set, application_version = r.replica_set FROM orchestrator_replica_sets AS r WHERE length(r.replica_set) > 50;
            UPDATE projection_checkpoints SET projection_name = r.replica_set FROM orchestrator_replica_sets AS r WHERE length(r.replica_set) > 50 AND projection_name = 'seen'
            """);

        foreach (string command in new[] { "status", "workers", "generations", "lag" })
        {
            CommandRun table = await RunAsync(command);
            CommandRun json = await RunAsync(command, "--json");

            Assert.That((table.ExitCode, json.ExitCode), Is.EqualTo((0, 0)), table.Errors + json.Errors);
            Assert.That((table.Output + json.Output).Where(letter => char.IsControl(letter) && letter != '\n' && letter != '\r' || letter == '\u202e'), Is.Empty, command);
            Assert.That(table.Output, Does.Contain(@"[red]x[/] \u001B[2J\u000D\u000A\u202Eabc\u0007 'quo""tes'").And.Contain("…"), command);
            Assert.That(Strings(json.Json), Has.Some.EqualTo(name), command);
        }

        Assert.That((await RunAsync("status", "-r", name)).ExitCode, Is.Zero);
        Assert.That((await RunAsync("status", "-r", name + "\u001b")).Errors, Does.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Command_WithoutTables_SaysHowToMakeThem()
    {
        await ExecuteAsync("DROP TABLE orchestrator_migrations");

        CommandRun run = await RunAsync("status");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")));
        Assert.That(run.Errors, Does.Contain("tables are missing").And.Contain("orchestrator migrations apply"));
    }

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync([.. arguments, "--connection", ConnectionString]);

    private static IEnumerable<string> Properties(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Properties),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Properties(property.Value).Prepend(property.Name)),
        _ => [],
    };

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
