using System.CommandLine;
using Orchestrator.Cli;

namespace Orchestrator.Tests.Cli;

public sealed class GenerateCommandTests
{
    private DirectoryInfo _folder = null!;

    private string Up => Path.Combine(_folder.FullName, "out", "001_create_tables.up.sql");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("orchestrator-cli");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Generate_IntoANewFolder_WritesUpAndDownWithTheNamesGiven()
    {
        (int exitCode, string output, _) = await RunAsync("--schema", "sales", "--events-table", "sales_events");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("001_create_tables.up.sql").And.Contain("001_create_tables.down.sql"));
        string up = await File.ReadAllTextAsync(Up);
        Assert.That(up, Does.Contain("CREATE SCHEMA \"sales\"").And.Contain("CREATE TABLE IF NOT EXISTS \"sales\".\"sales_events\"").And.Contain("\"sales\".\"aggregate_heads\""));
        Assert.That(up, Does.Not.Contain("\"events\""));
        Assert.That(await File.ReadAllTextAsync(Up.Replace(".up.", ".down.", StringComparison.Ordinal)), Does.Contain("DROP TABLE IF EXISTS \"sales\".\"sales_events\""));
    }

    [Test]
    public async Task Generate_Adopting_WritesTheAdoptionTooWithTheTypeOfIds()
    {
        (int exitCode, _, _) = await RunAsync("--adopt", "--aggregate-id-type", "uuid", "--events-table", "domain_events");

        Assert.That(exitCode, Is.Zero);
        string adoption = await File.ReadAllTextAsync(Up.Replace("001_create_tables", "000_adopt_existing_log", StringComparison.Ordinal));
        Assert.That(adoption, Does.Contain("LOCK TABLE \"domain_events\"").And.Contain("(log, 'aggregate_id', 'uuid', true, false)"));
        Assert.That(await File.ReadAllTextAsync(Up), Does.Contain("aggregate_id      uuid "));
        Assert.That(File.Exists(Up.Replace("001_create_tables.up", "000_adopt_existing_log.down", StringComparison.Ordinal)), Is.True);
    }

    [Test]
    public async Task Generate_WithoutAdopt_WritesNoAdoption()
    {
        (_, string output, _) = await RunAsync();

        Assert.That(output, Does.Not.Contain("adopt"));
    }

    [Test]
    public async Task Generate_Again_ChangesNothing()
    {
        await RunAsync();
        string before = await File.ReadAllTextAsync(Up);

        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        Assert.That(await File.ReadAllTextAsync(Up), Is.EqualTo(before));
    }

    [Test]
    public async Task Generate_OverADifferingFile_RefusesUnlessForced()
    {
        await RunAsync();
        await File.WriteAllTextAsync(Up, "mine");

        (int exitCode, _, string error) = await RunAsync();
        Assert.That((exitCode, await File.ReadAllTextAsync(Up)), Is.EqualTo((1, "mine")));
        Assert.That(error, Does.Contain(Up).And.Contain("--force"));

        Assert.That((await RunAsync("--force")).ExitCode, Is.Zero);
        Assert.That(await File.ReadAllTextAsync(Up), Does.Contain("CREATE TABLE"));
    }

    [Test]
    public async Task Generate_WithNamesThatCannotBe_ListsThemAndWritesNothing()
    {
        (int exitCode, _, string error) = await RunAsync("--schema", "A", "--events-table", "e;", "--workers-table", "same", "--heartbeats-table", "same");

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain(":Schema is 'A'").And.Contain(":EventsTable is 'e;'").And.Contain("are both 'same'"));
        Assert.That(Directory.Exists(Path.GetDirectoryName(Up)), Is.False);
    }

    [Test]
    public async Task Generate_WhereNothingCanBeWritten_SaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "out"), "a file, not a folder");

        (int exitCode, _, string error) = await RunAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("Cannot write to"));
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] options)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        ParseResult line = CommandLine.Create().Parse(["migrations", "generate", "--output", Path.Combine(_folder.FullName, "out"), .. options]);
        int exitCode = await line.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
