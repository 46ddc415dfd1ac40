using Orchestrator.Testing.Shared;

namespace QuickStart.Tests;

/// <summary>The program as its user starts it.</summary>
public sealed class QuickStartTests
{
    [Test]
    public async Task Run_InMemory_IsRightAndSaysWhatIsLost()
    {
        ProgramRun run = await RunAsync("--generate", "300", "--in-memory");

        Assert.That(run.ExitCode, Is.Zero, run.Everything);
        Assert.That(run.Everything, Does.Contain("are lost when it ends").And.Contain("are exactly what git log says."));
    }

    [Test]
    public async Task Run_ChaosInMemory_IsRefusedWithTheReason()
    {
        ProgramRun run = await RunAsync("--generate", "10", "--in-memory", "--chaos");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Everything);
        Assert.That(run.Everything, Does.Contain("--chaos is refused: in one process there is no worker to kill"));
    }

    [Test]
    [Category("PostgreSQL")]
    public async Task Run_OnPostgreSql_IsRight()
    {
        await SharedPostgreSql.GetAsync();

        ProgramRun run = await RunAsync("--generate", "300", "--workers", "2");

        Assert.That(run.ExitCode, Is.Zero, run.Everything);
        Assert.That(run.Everything, Does.Contain("partition 0 of 2").And.Contain("are exactly what git log says."));
    }

    [TestCase("--workers", "0")]
    [TestCase("--generate", "0")]
    [TestCase("--repo", "/no/such/folder")]
    [TestCase("--generate", "5", "--repo", ".")]
    public async Task Run_WithBadArguments_Fails(params string[] arguments) => Assert.That((await RunAsync(arguments)).ExitCode, Is.Not.Zero);

    private static Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync("QuickStart", arguments, TimeSpan.FromMinutes(2));
}
