using Examples.Tests.Expected;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Examples.Tests;

/// <summary>Each example prints what its README promises.</summary>
[Category("PostgreSQL")]
public sealed class ExamplesTests
{
    [TestCase("Handlers")]
    [TestCase("MultipleReplicaSets")]
    [TestCase("Partitioned")]
    [TestCase("StopResume")]
    [TestCase("Telemetry")]
    [TestCase("WebHost")]
    [TestCase("WithLogging")]
    [TestCase("WorkerPool")]
    [TestCase("Workflow")]
    public async Task Run_OnPostgreSql_PrintsWhatItsReadmePromises(string example)
    {
        // The examples find the tests' server by the variable, so that none starts one of its own.
        PostgreSqlServer server = await SharedPostgreSql.GetAsync();

        ProgramRun run = await ProgramRun.OfAsync(
            example, [], TimeSpan.FromMinutes(2), new Dictionary<string, string> { [PostgreSqlServer.ConnectionStringVariable] = server.ConnectionString });

        Assert.That(run.ExitCode, Is.Zero, run.Everything);
        Assert.That(OutputPattern.OfReadme(example).Difference(run.Output), Is.Null);
    }
}
