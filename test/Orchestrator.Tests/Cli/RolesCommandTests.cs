using System.CommandLine;
using Orchestrator.Cli;

namespace Orchestrator.Tests.Cli;

public sealed class RolesCommandTests
{
    [Test]
    public async Task Roles_WithoutOptions_PrintsTheScriptWithTheDefaultNames()
    {
        (int exitCode, string output, _) = await RunAsync();

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("ON \"orchestrator_migrations\", \"events\" TO orchestrator_worker;").And.Contain("'orchestrator_reader']"));
    }

    [Test]
    public async Task Roles_WithNames_UsesThem()
    {
        (int exitCode, string output, _) = await RunAsync("--prefix", "sales", "--schema", "s", "--events-table", "sales_events");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("GRANT SELECT ON \"s\".\"orchestrator_migrations\", \"s\".\"sales_events\" TO sales_worker;").And.Contain("'sales_migrator'"));
        Assert.That(output, Does.Not.Match(@"\borchestrator_(migrator|worker|appender|reader)\b"));
    }

    [Test]
    public async Task Roles_WithNamesThatCannotBe_ListsThemAndPrintsNothing()
    {
        (int exitCode, string output, string error) = await RunAsync("--prefix", "x; DROP ROLE y", "--schema", "S");

        Assert.That((exitCode, output), Is.EqualTo((ExitCodes.WrongCommandLine, "")));
        Assert.That(error, Does.Contain("--prefix is").And.Contain(":Schema is 'S'"));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] options)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = await CommandLine.Create().Parse(["migrations", "roles", .. options]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
