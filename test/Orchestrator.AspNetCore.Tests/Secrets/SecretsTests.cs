using System.Text;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Testing.Shared;

namespace Orchestrator.AspNetCore.Tests.Secrets;

/// <summary>Passwords and payloads come out nowhere, and aggregates' ids only where a log or an exception names an event: everything is searched that hosts and the tool say, at work and under failures.</summary>
public sealed class SecretsTests : PostgreSqlFixture
{
    internal const string Payload = "payl0ad-m4v8-of-an-event";

    private const string Password = "pa55word-k2x9-of-the-worker";
    private const string WrongPassword = "pa55word-q7z1-that-is-wrong";
    private const string AggregateId = "aggr3gate-t6b3-of-somebody";

    private static readonly string[] s_commands = ["status", "workers", "generations", "lag --partitions", "doctor --show-statements", "migrations status"];

    private readonly EverythingThatComesOut _said = new();
    private string _user = "";

    [OneTimeSetUp]
    public async Task CreateUser()
    {
        if (!await ReadAsync<bool>("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        {
            Assert.Ignore("The server's user may not create roles.");
        }

        _user = $"s{Guid.NewGuid():N}";
        await ExecuteAsync($"""
            CREATE ROLE {_user} LOGIN PASSWORD '{Password}';
            DO $$ BEGIN EXECUTE format('GRANT ALL ON SCHEMA %I TO {_user}', current_schema()); END $$;
            CREATE TABLE good (event_id uuid PRIMARY KEY, payload bytea);
            CREATE TABLE twice (payload text PRIMARY KEY);
            INSERT INTO twice VALUES ('{Payload}');
            GRANT ALL ON good, twice TO {_user}
            """);
        await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = With(Password) }).MigrateAsync();
    }

    [OneTimeTearDown]
    public async Task DropUser()
    {
        _said.Dispose();
        if (_user.Length > 0)
        {
            await ExecuteAsync($"DROP OWNED BY {_user}; DROP ROLE {_user}");
        }
    }

    [Test]
    public async Task Everything_AtWorkAndUnderFailures_HoldsNoSecret()
    {
        await using (SecretSite site = await SecretSite.StartAsync(With(Password), _said))
        {
            await AppendAsync(site);
            await Eventually.HoldsAsync(async () => await ReadAsync<long>("SELECT count(*) FROM good") == 3, "the good projection has applied the events");
            await Eventually.HoldsAsync(() => Task.FromResult(_said.All.Count(said => said.Text.StartsWith("2004 ", StringComparison.Ordinal)) >= 3), "the others have stopped");
            await site.AskAsync();
            await RunCommandsAsync(With(Password));
        }

        await FailToConnectAsync(With(WrongPassword));
        await FailToConnectAsync(new NpgsqlConnectionStringBuilder(With(Password)) { Port = 1 }.ConnectionString);

        IReadOnlyList<(string Kind, string Text)> all = _said.All;
        string[] kinds = ["log", "exception", "metric", "activity", "page", "health", "command"];
        Assert.That(all.Select(said => said.Kind).Distinct(), Is.SupersetOf(kinds));
        Assert.That(Holding(all, Password).Concat(Holding(all, WrongPassword)), Is.Empty, "passwords");
        Assert.That(Holding(all, Payload).Concat(Holding(all, Convert.ToHexString(Bytes))).Concat(Holding(all, Convert.ToBase64String(Bytes))), Is.Empty, "payloads");
        Assert.That(Holding(all, AggregateId).Where(text => !text.StartsWith("log", StringComparison.Ordinal) && !text.StartsWith("exception", StringComparison.Ordinal)), Is.Empty, "aggregates' ids");
    }

    private static byte[] Bytes => Encoding.UTF8.GetBytes(Payload);

    private static EventData Secret => new("Happened", Bytes) { Metadata = $$"""{"secret":"{{Payload}}"}""" };

    private string With(string password) => new NpgsqlConnectionStringBuilder(ConnectionString) { Username = _user, Password = password }.ConnectionString;

    private async Task AppendAsync(SecretSite site)
    {
        EventData known = Secret;
        await site.Store.AppendAsync("Thing", AggregateId, ExpectedVersion.NoStream, [known, Secret]);
        await site.Store.AppendBulkAsync([new AggregateAppend("Thing", AggregateId + "-2", ExpectedVersion.NoStream, [Secret])]);
        Func<Task>[] refused =
        [
            () => site.Store.AppendAsync("Thing", AggregateId, ExpectedVersion.NoStream, [Secret]),
            () => site.Store.AppendAsync("Thing", AggregateId, ExpectedVersion.Any, [known]),
            () => site.Store.AppendAsync("Thing", AggregateId, ExpectedVersion.Any, [Secret with { Metadata = $"no JSON: {Payload}" }]),
        ];
        foreach (Func<Task> append in refused)
        {
            Exception? exception = await Assert.CatchAsync(append);
            _said.Add("exception", exception!.ToString());
        }
    }

    private async Task RunCommandsAsync(string connectionString)
    {
        await using NpgsqlConnection holder = await DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction open = await holder.BeginTransactionAsync();
        await using var append = new NpgsqlCommand(
            $"INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload) VALUES ('Thing', '{AggregateId}', 9, gen_random_uuid(), 'Happened', 1, '{Payload}')", holder, open);
        await append.ExecuteNonQueryAsync();
        await Task.WhenAll(s_commands.SelectMany(command => new[] { RunAsync(connectionString, command), RunAsync(connectionString, $"{command} --json") }));
    }

    private async Task RunAsync(string connectionString, string command)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ORCHESTRATOR_CONNECTION"] = connectionString };
        ProgramRun run = await ProgramRun.OfAsync("orchestrator", command.Split(' '), TimeSpan.FromMinutes(2), environment);
        Assert.That(run.Everything, Is.Not.Empty, command);
        _said.Add("command", $"{command}: {run.Everything}");
    }

    private async Task FailToConnectAsync(string connectionString)
    {
        int before = Failures();
        await using SecretSite site = await SecretSite.StartAsync(connectionString, _said);
        await Eventually.HoldsAsync(() => Task.FromResult(Failures() > before), "it says that it cannot connect");
        Exception? exception = await Assert.CatchAsync(() => site.Store.AppendAsync("Thing", AggregateId, ExpectedVersion.Any, [Secret]));
        _said.Add("exception", exception!.ToString());
        await site.AskAsync();
        await RunAsync(connectionString, "status --json");
        await RunAsync(connectionString, "migrations apply");
    }

    private int Failures() => _said.All.Count(said => said.Kind == "log" && said.Text.Contains("Cannot connect", StringComparison.Ordinal));

    private static IEnumerable<string> Holding(IReadOnlyList<(string Kind, string Text)> all, string secret) =>
        all.Where(said => said.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(said => $"{said.Kind}: {said.Text}").Distinct(StringComparer.Ordinal);
}
