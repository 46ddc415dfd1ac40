using System.Text.Json;
using Npgsql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>Migrating from the command line.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class MigrationsTests
{
    private PostgreSqlServer _server = null!;
    private string _schema = "";

    [SetUp]
    public async Task CreateSchema()
    {
        _server = await SharedPostgreSql.GetAsync();
        _schema = await _server.CreateSchemaAsync("cli");
    }

    [TearDown]
    public async Task DropSchema() => await _server.DropSchemaAsync(_schema);

    [Test]
    public async Task Apply_Twice_DoesNothingTheSecondTime()
    {
        CommandRun before = await RunAsync("status");
        CommandRun dry = await RunAsync("apply", "--dry-run");
        CommandRun first = await RunAsync("apply");
        CommandRun second = await RunAsync("apply");
        CommandRun after = await RunAsync("status");

        Assert.That(new[] { before, dry, first, second, after }.Select(run => run.ExitCode), Is.EqualTo((int[])[1, 0, 0, 0, 0]));
        Assert.That(before.Output, Does.Match("1 +create_tables +missing"));
        Assert.That(dry.Output, Does.Contain("missing: 001_create_tables").And.Contain("missing: 003_rolling_strategy"));
        Assert.That(first.Output, Is.EqualTo(dry.Output.Replace("missing", "applied", StringComparison.Ordinal)));
        Assert.That(second.Output, Does.Contain("Nothing to do"));
        Assert.That(after.Output, Does.Match("3 +rolling_strategy +applied 2").And.Not.Contain("missing"));
    }

    [Test]
    public async Task Apply_ManyAtOnce_OneDoesItAndNobodyFails()
    {
        CommandRun[] runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunAsync("apply"))));

        Assert.That(runs.Select(run => run.ExitCode), Is.All.Zero);
        Assert.That(runs.Count(run => run.Output.Contains("applied: 001", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Status_AsJson_HasTheDocumentedProperties()
    {
        await RunAsync("apply");
        await ExecuteAsync("INSERT INTO orchestrator_migrations (version, name) VALUES (999, E'from \\u001b[31m\\u202ethe future')");

        CommandRun json = await RunAsync("status", "--json");
        CommandRun table = await RunAsync("status");

        Assert.That((json.ExitCode, json.Json.GetProperty("isUpToDate").GetBoolean()), Is.EqualTo((1, false)));
        JsonElement last = json.Json.GetProperty("migrations").EnumerateArray().Last();
        Assert.That(last.GetProperty("version").GetInt32(), Is.EqualTo(999));
        Assert.That(last.GetProperty("name").GetString(), Is.EqualTo("from \u001b[31m\u202ethe future"));
        Assert.That(last.GetProperty("appliedAt").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.UnixEpoch));
        Assert.That(last.GetProperty("isKnown").GetBoolean(), Is.False);
        Assert.That(json.Output + table.Output, Does.Not.Contain("\u001b").And.Not.Contain("\u202e"));
        Assert.That(table.Output, Does.Contain(@"from \u001B[31m\u202Ethe future").And.Contain("update this tool"));
    }

    [Test]
    public async Task Apply_WhereItCannotBe_RefusesAndChangesNothing()
    {
        await ExecuteAsync("CREATE TABLE events (id int)");

        CommandRun run = await RunAsync("apply", "--adopt");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Errors, Does.Contain("cannot be adopted as it is. Nothing was changed.").And.Contain("global_position is missing"));
        Assert.That((await RunAsync("apply", "--adopt", "--dry-run")).Output, Does.StartWith("missing: 000_adopt_existing_log"));
    }

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(["migrations", .. arguments, "--connection", _schema]);

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_schema);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
