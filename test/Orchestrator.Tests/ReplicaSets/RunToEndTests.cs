using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>Projections as a job: to the end of the log, and out.</summary>
internal sealed class RunToEndTests
{
    [Test]
    public async Task RunProjectionsToEndAsync_SeveralProjections_AllAreAtTheEndAndNobodyIsLeft()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals").AddProjection<ScriptedProjection>("rare", p => p.EventTypes.Add("Rare")), rs => rs.BatchSize = 7);
        await host.AppendAsync(100);
        await host.AppendAsync(1, "Rare");
        await host.AppendAsync(20);

        await host.RunToEndAsync().Soon();

        Assert.That(host.Script.Applied(), Has.Count.EqualTo(121));
        Assert.That(host.Script.Applied("rare"), Has.Count.EqualTo(1));
        Assert.That(host.Positions("rare"), Is.EqualTo(new[] { 121L }), "what it does not want counts too");
        Assert.That(host.Workers(), Is.Zero);
    }

    [Test]
    public async Task RunProjectionsToEndAsync_EmptyLog_Ends()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"));

        await host.RunToEndAsync().Soon();

        Assert.That(host.Workers(), Is.Zero);
    }

    [Test]
    public async Task RunProjectionsToEndAsync_HandlerKeepsFailing_ThrowsWithTheProjectionAndWhereItStands()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => (rs.Retry.MaxAttempts, rs.Retry.InitialDelay, rs.BatchSize) = (2, TimeSpan.FromMilliseconds(1), 1));
        host.Script.OnEvent = (e, _, _) => e.GlobalPosition == 3 ? throw new FormatException("secret") : ValueTask.CompletedTask;
        await host.AppendAsync(5);

        ProjectionStoppedException stopped = (await Assert.ThrowsAsync<ProjectionStoppedException>(() => host.RunToEndAsync().Soon()))!;

        Assert.That((stopped.Projection, stopped.ReplicaSet, stopped.Position), Is.EqualTo(("totals", "main", 2L)));
        Assert.That(stopped.Message, Does.Contain("FormatException").And.Not.Contain("secret"));
        Assert.That(host.Workers(), Is.Zero, "it has left in good order");
    }

    [Test]
    public async Task RunProjectionsToEndAsync_GivenUp_StopsInGoodOrder()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.BatchSize = 1);
        using var patience = new CancellationTokenSource();
        host.Script.OnEvent = (_, _, _) =>
        {
            patience.Cancel();
            return ValueTask.CompletedTask;
        };
        await host.AppendAsync(500);

        Assert.That(async () => await host.RunToEndAsync(patience.Token).Soon(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(host.Workers(), Is.Zero);
        Assert.That(host.Positions("totals").Min(), Is.GreaterThan(0), "the batch in hand was committed");
    }

    [Test]
    public async Task RunProjectionsToEndAsync_ReplicaSetNotEnabled_IsNotWaitedFor()
    {
        using var host = new HostUnderTest(rs => rs.AddProjection<ScriptedProjection>("totals"), rs => rs.Enabled = false);
        await host.AppendAsync(3);

        await host.RunToEndAsync().Soon();

        Assert.That(host.Script.Applied(), Is.Empty);
    }
}
