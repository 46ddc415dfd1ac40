using System.Collections.Immutable;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Testing.Shared;

/// <summary>What the contracts of membership and checkpoints share. Each test has a replica set of its own, so that one pair of stores serves them all.</summary>
internal abstract class CoordinationContract
{
    private readonly List<IAsyncDisposable> _opened = [];
    private ICoordinationStores? _stores;

    /// <summary>The store under test.</summary>
    protected IMembershipStore Membership => _stores!.Membership;

    /// <summary>The checkpoints that belong to it.</summary>
    protected ICheckpointStore Checkpoints => _stores!.Checkpoints;

    /// <summary>The test's replica set.</summary>
    protected string ReplicaSet { get; private set; } = "";

    /// <summary>Opens the stores under test, over rows of their own.</summary>
    protected abstract Task<ICoordinationStores> OpenStoresAsync();

    [OneTimeSetUp]
    public async Task OpenStores() => _stores = await OpenStoresAsync();

    [OneTimeTearDown]
    public async Task CloseStores()
    {
        if (_stores is not null)
        {
            await _stores.DisposeAsync();
        }
    }

    [SetUp]
    public void NameReplicaSet() => ReplicaSet = "set-" + Guid.NewGuid().ToString("N");

    [TearDown]
    public async Task CloseSessions()
    {
        foreach (IAsyncDisposable session in _opened)
        {
            await session.DisposeAsync();
        }

        _opened.Clear();
    }

    protected Task<TestWorker> RegisterAsync(params string[] projections) => RegisterAsync(isStatic: false, projections);

    /// <summary>Registers a worker whose partition is set by hand. It has taken nothing yet.</summary>
    protected Task<TestWorker> RegisterStaticAsync(params string[] projections) => RegisterAsync(isStatic: true, projections);

    private async Task<TestWorker> RegisterAsync(bool isStatic, string[] projections)
    {
        var registration = new WorkerRegistration(Guid.NewGuid(), ReplicaSet, [.. projections.DefaultIfEmpty("totals")], "host", 42, "1.0") { IsStatic = isStatic };
        IControlSession session = await Membership.RegisterAsync(registration, CancellationToken.None);
        _opened.Add(session);
        return new TestWorker(registration.WorkerId, ReplicaSet, session);
    }

    protected async Task<IHeartbeatSession> OpenHeartbeatAsync(TestWorker worker)
    {
        IHeartbeatSession heartbeat = await Membership.OpenHeartbeatAsync(ReplicaSet, worker.Id, CancellationToken.None);
        _opened.Add(heartbeat);
        return heartbeat;
    }

    /// <summary>Forms a generation of the workers, has them acknowledge, and activates it through the first one's session. Members of the old one that are not in the new one are excused.</summary>
    protected static async Task<long> RescaleAsync(params TestWorker[] workers)
    {
        ImmutableArray<Guid> excused = (await workers[0].RosterAsync()).Active?.Members.Except(workers.Select(worker => worker.Id)).ToImmutableArray() ?? [];
        long generation = await FormAsync(workers);
        foreach (TestWorker worker in workers)
        {
            await worker.Session.AcknowledgeAsync(generation, CancellationToken.None);
        }

        bool activated = await workers[0].ActivateAsync(new ActivateGeneration(generation, excused));
        Assert.That(activated, Is.True, "activated");
        return generation;
    }

    /// <summary>Forms a generation of the workers through the first one's session.</summary>
    protected static Task<long> FormAsync(params TestWorker[] workers) => FormAsync(RebalanceStrategy.Recreate, workers);

    /// <summary>The same, of a strategy.</summary>
    protected static async Task<long> FormAsync(RebalanceStrategy strategy, params TestWorker[] workers)
    {
        Roster roster = await workers[0].RosterAsync();
        ImmutableArray<Guid> members = [.. workers.Select(worker => worker.Id)];
        long? generation = await workers[0].Session.FormAsync(new FormGeneration(roster.Active?.Id, roster.Forming?.Id, members, "test") { Strategy = strategy }, CancellationToken.None);
        Assert.That(generation, Is.Not.Null, "formed");
        return generation!.Value;
    }

    /// <summary>On whose behalf a batch commits.</summary>
    protected Fence FenceOf(TestWorker worker) => new(ReplicaSet, worker.Id);

    /// <summary>The worker's rows that bear a stamp.</summary>
    protected async Task<ImmutableArray<Checkpoint>> LoadAsync(TestWorker worker, long generation) =>
        [.. (await Checkpoints.LoadAsync(FenceOf(worker), CancellationToken.None)).Where(row => row.GenerationId == generation)];

    /// <summary>Begins a batch of a worker that takes the row to bear a stamp.</summary>
    protected async Task<IFencedBatch?> BeginAsync(TestWorker worker, long generation, Checkpoint row) =>
        await Checkpoints.BeginAsync(FenceOf(worker), row with { GenerationId = generation }, EmptyServices.Instance, CancellationToken.None);

    /// <summary>Moves a checkpoint as a batch does.</summary>
    protected async Task MoveAsync(TestWorker worker, long generation, Checkpoint row, long position)
    {
        await using IFencedBatch? batch = await BeginAsync(worker, generation, row);
        Assert.That(batch, Is.Not.Null, "begun");
        await batch!.CommitAsync(position);
    }
}

/// <summary>A registered worker of a test.</summary>
internal sealed record TestWorker(Guid Id, string ReplicaSet, IControlSession Session)
{
    public async Task<MembershipView> ViewAsync(bool tryToLead = false) => (await Session.ReadViewAsync(tryToLead, CancellationToken.None)).View;

    public async Task<bool> LeadsAsync() => (await Session.ReadViewAsync(tryToLead: true, CancellationToken.None)).Leads;

    public Task<Roster> RosterAsync() => Session.ReadRosterAsync(CancellationToken.None);

    /// <summary>Whether a generation was activated.</summary>
    public async Task<bool> ActivateAsync(ActivateGeneration transition) => await Session.ActivateAsync(transition, CancellationToken.None) is not null;

    /// <summary>Takes a partition that is set by hand.</summary>
    public Task<PartitionTake?> TryTakeAsync(int key, int total) => Session.TakePartitionAsync(new StaticPartition(key, total), CancellationToken.None);

    /// <summary>The stamp of a partition that is taken.</summary>
    public async Task<long> TakeAsync(int key, int total) =>
        await TryTakeAsync(key, total) is PartitionTake.Taken taken ? taken.GenerationId : throw new AssertionException($"partition {key} of {total} was not taken");

    /// <summary>Why a partition is refused.</summary>
    public async Task<string> RefusalAsync(int key, int total) => await TryTakeAsync(key, total) is PartitionTake.Refused refused ? refused.Cause : "not refused";

    /// <summary>This worker's own row, or another's; null when it is not registered.</summary>
    public async Task<RosterWorker?> RowAsync(Guid id) => (await RosterAsync()).Workers.FirstOrDefault(worker => worker.Id == id);
}

/// <summary>No services: for contexts of batches that ask for none.</summary>
internal sealed class EmptyServices : IServiceProvider
{
    public static EmptyServices Instance { get; } = new();

    public object? GetService(Type serviceType) => null;
}
