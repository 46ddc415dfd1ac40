using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Health;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Health;

/// <summary>A moment between two owners is no finding; a silent database is one.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UnownedSlotsWatchTests
{
    private readonly ManualTime _time = new();
    private readonly Owners _owners = new();
    private readonly ReplicaSetStatus _replicaSet = new("main");
    private readonly UnownedSlotsWatch _watch;

    public UnownedSlotsWatchTests()
    {
        _watch = new UnownedSlotsWatch(_owners, _time);
        _replicaSet.Registered(new WorkerStatus(Guid.NewGuid(), TimeSpan.FromSeconds(30), _time) { Place = new WorkerPlace(1, 0, 1, null) });
    }

    [Test]
    public async Task LookAsync_SlotsWithoutAnOwner_AreAFindingOnceTheyHaveBeenSeenForAWhile()
    {
        _owners.Answer = () => [new UnownedSlots("main", "totals", 7), new UnownedSlots("elsewhere", "totals", 8)];
        Assert.That(await LookAsync(), Is.Empty);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(await LookAsync(), Is.Empty);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That((await LookAsync()).Single(), Has.Property("IsStuck").True.And.Property("Cause").StartsWith("7 of 32768 slots of projection 'totals' of replica set 'main' have had no owner for 2.0 s"));

        _owners.Answer = () => [];
        Assert.That(await LookAsync(), Is.Empty);
        _owners.Answer = () => [new UnownedSlots("main", "totals", 7)];
        Assert.That(await LookAsync(), Is.Empty, "another moment");
    }

    [Test]
    public async Task LookAsync_DatabaseFails_SaysSoByItsKind()
    {
        _owners.Answer = () => throw new TimeoutException("secret");

        Assert.That((await LookAsync()).Single().Cause, Does.Contain("TimeoutException").And.Not.Contain("secret"));
    }

    [Test]
    public async Task LookAsync_NoGenerationYet_DoesNotAsk()
    {
        _owners.Answer = () => throw new InvalidOperationException();
        _replicaSet.Over();

        Assert.That(await LookAsync(), Is.Empty);
    }

    private Task<IReadOnlyList<LagReading>> LookAsync() => _watch.LookAsync([_replicaSet], CancellationToken.None);

    private sealed class Owners : ISlotOwners
    {
        public Func<ImmutableArray<UnownedSlots>> Answer { get; set; } = () => [];

        public Task<ImmutableArray<UnownedSlots>> ReadUnownedAsync(CancellationToken cancellationToken) => Task.FromResult(Answer());
    }
}
