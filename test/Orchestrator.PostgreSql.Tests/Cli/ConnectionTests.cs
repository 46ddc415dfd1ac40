using System.Text.Json;
using Npgsql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.Cli;

/// <summary>Where a command finds its database, and what it says when it does not.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class ConnectionTests
{
    private const string Secret = "not to be told";

    private PostgreSqlServer _server = null!;
    private string _database = "";
    private DirectoryInfo _folder = null!;

    private string SettingsFile => Path.Combine(_folder.FullName, "settings.json");

    [OneTimeSetUp]
    public async Task CreateDatabase()
    {
        _server = await SharedPostgreSql.GetAsync();
        _database = await _server.CreateDatabaseAsync("cli");
        _folder = Directory.CreateTempSubdirectory("orchestrator-cli");
    }

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_folder is not null)
        {
            _folder.Delete(recursive: true);
            await _server.DropDatabaseAsync(_database);
        }
    }

    [Test]
    public async Task Command_ConnectionEverywhere_TakesOptionThenEnvironmentThenFile()
    {
        await WriteSettingsAsync(new { ConnectionStrings = new { Orchestrator = To("from_file") } });
        Dictionary<string, string> ours = new() { ["ORCHESTRATOR_CONNECTION"] = To("from_variable"), ["ConnectionStrings__Orchestrator"] = To("from_dotnet_variable") };
        Dictionary<string, string> dotnets = new() { ["ConnectionStrings__Orchestrator"] = To("from_dotnet_variable") };

        Task<CommandRun>[] runs =
        [
            CommandRun.OfProcessAsync(ours, "migrations", "status", "--config", SettingsFile, "--connection", To("from_option")),
            CommandRun.OfProcessAsync(ours, "migrations", "status", "--config", SettingsFile),
            CommandRun.OfProcessAsync(dotnets, "migrations", "status", "--config", SettingsFile),
            CommandRun.OfAsync("migrations", "status", "--config", SettingsFile),
        ];
        string[] errors = [.. (await Task.WhenAll(runs)).Select(run => run.Errors)];

        Assert.That(errors[0], Does.Contain("database 'from_option'").And.Contain("--connection"));
        Assert.That(errors[1], Does.Contain("database 'from_variable'").And.Contain("ORCHESTRATOR_CONNECTION"));
        Assert.That(errors[2], Does.Contain("database 'from_dotnet_variable'").And.Contain("ConnectionStrings__Orchestrator"));
        Assert.That(errors[3], Does.Contain("database 'from_file'").And.Contain($"ConnectionStrings:Orchestrator in {SettingsFile}"));
    }

    [Test]
    public async Task Command_ApplicationsOwnSettings_TakesConnectionAndNames()
    {
        await WriteSettingsAsync(new { Orchestrator = new { PostgreSql = new { ConnectionString = _database, Schema = "shop", EventsTable = "shop_events" } } });

        CommandRun apply = await CommandRun.OfAsync("migrations", "apply", "--config", SettingsFile);
        CommandRun same = await CommandRun.OfAsync("migrations", "status", "--connection", _database, "--schema", "shop", "--events-table", "shop_events");
        CommandRun others = await CommandRun.OfAsync("migrations", "status", "--config", SettingsFile, "--schema", "other");

        Assert.That((apply.ExitCode, same.ExitCode, others.ExitCode), Is.EqualTo((0, 0, 1)), apply.Errors + same.Errors + others.Errors);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand command = source.CreateCommand("SELECT to_regclass('shop.shop_events')::text");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("shop.shop_events"));
    }

    [Test]
    public async Task Command_WithoutConnection_NamesAllWays()
    {
        CommandRun run = await CommandRun.OfAsync("migrations", "status");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors, Does.Contain("--connection").And.Contain("ORCHESTRATOR_CONNECTION").And.Contain("ConnectionStrings__Orchestrator").And.Contain("appsettings.json").And.Contain("--config"));
    }

    [TestCase($"Host=127.0.0.1;Port={Secret};Password={Secret}")]
    [TestCase($"postgresql://worker:{Secret}@db/shop")]
    [TestCase($"Host=db;Pasword={Secret}")]
    [TestCase($"Password='{Secret};Host=db")]
    [TestCase("")]
    public async Task Command_MalformedConnection_SaysWhereAndRepeatsNothing(string connection)
    {
        CommandRun run = await CommandRun.OfAsync("migrations", "status", "--connection", connection);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors, Does.Contain("What --connection says is not an Npgsql connection string").And.Not.Contain(Secret));
    }

    [TestCase("{ \"ConnectionStrings\": { \"Orchestrator\": \"Password=" + Secret + "\", }, \"x\": " + Secret + " }", "is not valid JSON: see line 1")]
    [TestCase("{ \"Orchestrator\": { \"PostgreSql\": { \"ConnectionString\": \"Host=db;Password=" + Secret + "\", \"EventTable\": \"e\" } } }", "Did you mean EventsTable?")]
    [TestCase("{ \"Orchestrator\": { \"PostgreSql\": { \"ConnectionString\": \"Host=db;Password=" + Secret + "\", \"Schema\": \"Shop\" } } }", "Orchestrator:PostgreSql:Schema is 'Shop'")]
    public async Task Command_SettingsThatCannotBe_SaysWhatIsWrong(string settings, string expected)
    {
        await File.WriteAllTextAsync(SettingsFile, settings);

        CommandRun run = await CommandRun.OfAsync("migrations", "status", "--config", SettingsFile);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Errors, Does.Contain(expected).And.Not.Contain(Secret));
    }

    [Test]
    public async Task Command_NamedFileIsMissing_SaysSo()
    {
        CommandRun run = await CommandRun.OfAsync("migrations", "status", "--config", "/nowhere/settings.json", "--connection", _database);

        Assert.That((run.ExitCode, run.Errors.Trim()), Is.EqualTo((2, "--config: there is no file /nowhere/settings.json.")));
    }

    [Test]
    public async Task Command_NobodyAnswers_SaysWhereAsWhomAndWhy()
    {
        CommandRun run = await CommandRun.OfAsync("migrations", "apply", "--connection", $"Host=127.0.0.1;Port=1;Database=shop;Username=ada;Password={Secret}");

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")));
        Assert.That(run.Errors, Does.Contain("Cannot connect to the database 'shop' at 127.0.0.1:1 as user 'ada'").And.Contain("refused").And.Contain("and --connection.").And.Not.Contain(Secret));
    }

    [Test]
    public async Task Command_WrongPassword_SaysSoAndNotWhich()
    {
        string wrong = new NpgsqlConnectionStringBuilder(_database) { Password = Secret }.ConnectionString;

        CommandRun run = await CommandRun.OfAsync("migrations", "status", "--connection", wrong);

        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Errors, Does.Contain("28P01").And.Contain("Check user and password in --connection").And.Not.Contain(Secret));
    }

    private static string To(string database) => $"Host=127.0.0.1;Port=1;Database={database};Username=ada;Password={Secret}";

    private Task WriteSettingsAsync(object settings) => File.WriteAllTextAsync(SettingsFile, JsonSerializer.Serialize(settings));
}
