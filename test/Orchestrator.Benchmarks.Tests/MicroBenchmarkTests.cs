using Orchestrator.Testing.Shared;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>The small benchmarks as their user starts them: that each runs, not what comes out.</summary>
public sealed class MicroBenchmarkTests
{
    [Test]
    [Category("PostgreSQL")]
    public async Task Run_Dry_MeasuresEachOnce()
    {
        await SharedPostgreSql.GetAsync();
        string artifacts = Directory.CreateTempSubdirectory("micro-").FullName;
        try
        {
            ProgramRun run = await ProgramRun.OfAsync("Orchestrator.MicroBenchmarks", ["--dry", "--filter", "*", "--artifacts", artifacts], TimeSpan.FromMinutes(3));

            Assert.That(run.ExitCode, Is.Zero, run.Everything);
            Assert.That(run.Output, Does.Contain("apply an event, in memory").And.Contain("choose a batch from a page").And.Contain("queue a statement").And.Contain("record a batch").And.Contain("read a page from PostgreSQL"));
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }
}
