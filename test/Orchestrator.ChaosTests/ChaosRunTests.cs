using Orchestrator.ChaosTests.CommandLine;
using Orchestrator.ChaosTests.Faults;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests;

/// <summary>The random chaos in short: a minute of faults, each kind at least once. The long form is run from the command line.</summary>
[Category("PostgreSQL")]
public sealed class ChaosRunTests
{
    // Written down here, so that none is lost unnoticed.
    private static readonly string[] Kinds =
    [
        "kill", "terminate", "freeze-short", "freeze-long", "join-and-leave", "server-restart", "end-control", "end-heartbeat", "end-work", "foreign-lock", "network-cut", "network-delay", "network-silent",
        "commit-cut-request", "commit-cut-before-answer", "commit-cut-after-answer", "slow-append", "rolled-back-append", "disk-full", "thread-starvation", "clock-shift", "pgbouncer",
    ];

    [OneTimeSetUp]
    public async Task RequireOwnServer()
    {
        if (!(await SharedPostgreSql.GetAsync()).CanRestart)
        {
            Assert.Ignore("The server given by ORCHESTRATOR_POSTGRES is not ours to restart.");
        }
    }

    [Test]
    public async Task Run_EveryKindOfFault_NothingLostNothingTwiceOrderKept()
    {
        var settings = new ChaosSettings
        {
            Duration = TimeSpan.FromSeconds(40),
            WorkerCount = 4,
            Pause = TimeSpan.FromMilliseconds(1_200),
            AtOnce = 4,
            Strategies = Enum.GetValues<RebalanceStrategy>(),
            Patience = TimeSpan.FromMinutes(4),
            Seed = Random.Shared.Next(1, 1_000_000),
            LogFolder = ChaosCommand.NewLogFolder(),
        };
        ChaosReport report = await new ChaosRun(settings, TestContext.Out.WriteLine).RunAsync(CancellationToken.None);

        await TestContext.Out.WriteLineAsync(report.ToString());
        Assert.That(report.Failures, Is.Empty);
        Assert.That(report.Tally.Counts.Where(pair => pair.Value.Fired > 0).Select(pair => pair.Key).Concat(report.Tally.Skipped.Keys), Is.EquivalentTo(Kinds));
        Assert.That(report.Found.Select(finding => finding.Events), Has.All.GreaterThan(0));
        Directory.Delete(settings.LogFolder, recursive: true);
    }

    [Test]
    public void Named_BeginningOfAName_GivesThoseKinds()
    {
        Assert.That(FaultKinds.Named([]).Select(kind => kind.Name), Is.EqualTo(Kinds));
        Assert.That(FaultKinds.Named(["commit-cut", "kill"]).Select(kind => kind.Name), Is.EqualTo(new[] { "kill", "commit-cut-request", "commit-cut-before-answer", "commit-cut-after-answer" }));
        Assert.That(FaultKinds.Named(["nothing"]), Is.Empty);
    }
}
