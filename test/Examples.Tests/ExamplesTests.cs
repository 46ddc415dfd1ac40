using Examples.Tests.Expected;
using Orchestrator.Testing;

namespace Examples.Tests;

/// <summary>Each example prints what its README promises.</summary>
[Category("PostgreSQL")]
public sealed class ExamplesTests
{
    [TestCase("Handlers")]
    [TestCase("MultipleReplicaSets")]
    [TestCase("Partitioned")]
    [TestCase("StopResume")]
    [TestCase("WorkerPool")]
    public async Task Run_OnPostgreSql_PrintsWhatItsReadmePromises(string example)
    {
        // The examples find the tests' server by the variable, so that none starts one of its own.
        PostgreSqlServer server = await SharedPostgreSql.GetAsync();

        (int exitCode, string output, string errors) = await ExampleProgram.RunAsync(
            example, new Dictionary<string, string> { [PostgreSqlServer.ConnectionStringVariable] = server.ConnectionString }, TimeSpan.FromMinutes(2));

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(OutputPattern.OfReadme(example).Difference(output), Is.Null);
    }
}
