using System.Text.Json;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>The runs of workflows from the command line. Orchestrator.Workflows.Tests has what a retry does to a run.</summary>
public sealed class WorkflowsTests : RoleFixture
{
    private const string Runs = """
        INSERT INTO orchestrator_workflow_runs (workflow, request_id, payload, definition_hash, status, claim_token, claimed_by, claim_expires_at, finished_at) VALUES
          ('checkout', 'done', '"secret"', 'hash', 'succeeded', 1, 'host/1', NULL, now()),
          ('checkout', E'failed\u001b[2J', '"secret"', 'hash', 'failed', 2, 'host/2', NULL, now()),
          ('returns', 'at work', NULL, 'hash', 'running', 1, 'host/3', now() + interval '1 hour', NULL);
        INSERT INTO orchestrator_workflow_journal (run_id, number, claim_token, kind, service, attempt, response, error, because_of, warnings)
        SELECT run_id, number, 1, kind, service, attempt, '"secret"', error, because_of, warnings FROM orchestrator_workflow_runs,
          (VALUES (1, 'started', 'payments', 1, NULL, NULL, ARRAY[]::text[]), (2, 'failed', 'payments', 1, 'System.Exception: no', NULL, ARRAY['careful']), (3, 'skipped', 'stock', 0, NULL, 'payments', ARRAY[]::text[]))
            AS entry (number, kind, service, attempt, error, because_of, warnings)
        WHERE status = 'failed'
        """;

    private const string Failed = "failed\u001b[2J";

    [Test]
    public async Task Commands_AsReader_ShowRunsWithoutPayloadsAndAWorkerRetries()
    {
        await ExecuteAsync(Runs);
        string reader = await CreateUserAsync("looker", "reader");

        CommandRun list = await RunAsync(reader, "list");
        CommandRun some = await RunAsync(reader, "list", "--workflow", "checkout", "--status", "failed", "--limit", "5", "--json");
        CommandRun show = await RunAsync(reader, "show", "checkout", Failed);
        CommandRun json = await RunAsync(reader, "show", "checkout", Failed, "--json");
        CommandRun unknown = await RunAsync(reader, "show", "checkout", "unknown");
        CommandRun refused = await RunAsync(reader, "retry", "checkout", Failed);

        Assert.That(new[] { list, some, show, json, unknown, refused }.Select(run => run.ExitCode), Is.EqualTo((int[])[0, 0, 0, 0, 1, 3]), refused.Errors + list.Errors);
        Assert.That(list.Output, Does.Match(@"returns +at work +running +host/3 +1 +\S+ s ago").And.Match(@"checkout +failed\\u001B\[2J +failed +- +2"));
        Assert.That(some.Json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("requestId").GetString()), Is.EqualTo(new[] { Failed }));
        Assert.That(show.Output, Does.Match(@"2 +\S+ \S+ +payments +failed +1 +System.Exception: no; warned: careful").And.Match(@"3 +\S+ \S+ +stock +skipped +payments").And.Contain("The run is failed."));
        Assert.That(json.Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()), Is.EqualTo(new[] { "started", "failed", "skipped" }));
        Assert.That(string.Concat(new[] { list, some, show, json }.Select(run => run.Everything)), Does.Not.Contain("secret").And.Not.Contain("\u001b"));

        string worker = await CreateUserAsync("operator", "worker");
        Assert.That((await RunAsync(worker, "retry", "checkout", "done")).ExitCode, Is.EqualTo(1), "it has not failed");
        Assert.That((await RunAsync(worker, "retry", "checkout", Failed)).ExitCode, Is.Zero);
        Assert.That((await RunAsync(worker, "retry", "checkout", Failed)).ExitCode, Is.EqualTo(1), "it runs again already");
        JsonElement again = (await RunAsync(reader, "list", "--workflow", "checkout", "--status", "running", "--json")).Json.GetProperty("runs")[0];
        Assert.That((again.GetProperty("inBackground").GetBoolean(), again.GetProperty("claims").GetInt64()), Is.EqualTo((true, 3L)));
    }

    private static Task<CommandRun> RunAsync(string connectionString, params string[] arguments) => CommandRun.OfAsync(["workflows", .. arguments, "--connection", connectionString]);
}
