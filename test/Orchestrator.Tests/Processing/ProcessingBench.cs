using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

/// <summary>One worker on the in-memory provider with everything below its loops: log, checkpoints, feed, runners. Its generations are formed by hand.</summary>
internal sealed class ProcessingBench : IAsyncDisposable
{
    private readonly InMemoryMembershipStore _membership;
    private readonly InMemoryEventStore _events;
    private readonly ServiceProvider _services;
    private readonly List<IControlSession> _sessions = [];
    private int _aggregates;

    public ProcessingBench(TimeProvider? time = null, ReplicaSetMetrics? metrics = null)
    {
        Time = time ?? TimeProvider.System;
        _membership = new InMemoryMembershipStore(Database, Time);
        _events = new InMemoryEventStore(Database, Time);
        Checkpoints = new ScriptedCheckpoints(new InMemoryCheckpointStore(Database));
        Life = new WorkerLife(Guid.NewGuid(), TimeSpan.FromHours(1), Time, metrics);
        Fence = new Fence("main", Life.WorkerId);
        Log = new CountedLog(new InMemoryEventLog(Database, Time));
        Feed = new EventFeed(Log, SlotRange.All, ReplicaSetDefinition.Fixed("main", new ReplicaSetOptions { PollInterval = TimeSpan.FromMilliseconds(5) }));
        _services = new ServiceCollection().AddSingleton(Script).AddScoped<ScriptedProjection>().AddScoped<ScriptedBatchProjection>().AddSingleton<ScriptedEffects>().AddTransient<EffectsOfABatch>().BuildServiceProvider();
    }

    public TimeProvider Time { get; }

    public InMemoryDatabase Database { get; } = new();

    public ScriptedCheckpoints Checkpoints { get; }

    public RecordingLoggers Loggers { get; } = new();

    public Script Script { get; } = new();

    public ScriptedEffects Effects => _services.GetRequiredService<ScriptedEffects>();

    public WorkerLife Life { get; }

    public CountedLog Log { get; }

    public EventFeed Feed { get; }

    public Fence Fence { get; }

    /// <summary>The rows of the projection that runs.</summary>
    public LaneShare Share { get; private set; } = new([]);

    /// <summary>The active generation.</summary>
    public long GenerationId { get; private set; }

    public static ProjectionDefinition Define(string name = "totals", Type? type = null, int batchSize = 100, int maxAttempts = 3, int maxConcurrency = 1) =>
        new(name, type ?? typeof(ScriptedProjection), EventFilter.All, new Live<ProjectionTuning>(new ProjectionTuning(batchSize, TimeSpan.FromSeconds(1), new RetryPolicy(maxAttempts, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), JitterFactor: 0.2)) { MaxConcurrency = maxConcurrency }));

    /// <summary>What a runner remembers of a row that is its only one.</summary>
    public static RowCursor Cursor(Checkpoint row) => new(row, new LaneShare([row]), Define(batchSize: 100).Tuning);

    /// <summary>Appends one event to each of as many aggregates.</summary>
    public async Task AppendAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _events.AppendAsync("Thing", $"thing-{++_aggregates}", ExpectedVersion.NoStream, [new EventData("Happened", ReadOnlyMemory<byte>.Empty)]);
        }
    }

    /// <summary>Makes the worker the owner of a projection's slots, in as many rows as positions are given.</summary>
    public async Task<ImmutableArray<Checkpoint>> OwnAsync(string[] projections, params long[] positions)
    {
        Guid[] workers = [Life.WorkerId, .. positions.Skip(1).Select(_ => Guid.NewGuid())];
        foreach (Guid worker in workers)
        {
            _sessions.Add(await _membership.RegisterAsync(new WorkerRegistration(worker, "main", [.. projections], "host", 1, "1.0"), CancellationToken.None));
        }

        long generation = await RescaleAsync(null, workers);
        for (int i = 0; i < workers.Length; i++)
        {
            await MoveAllAsync(new Fence("main", workers[i]), positions[i]);
        }

        if (workers.Length > 1)
        {
            generation = await RescaleAsync(generation, Life.WorkerId);
        }

        GenerationId = generation;
        return await RowsAsync();
    }

    /// <summary>A generation without this worker: from now on it owns nothing.</summary>
    public async Task SupersedeAsync()
    {
        var other = Guid.NewGuid();
        _sessions.Add(await _membership.RegisterAsync(new WorkerRegistration(other, "main", ["totals"], "host", 1, "1.0"), CancellationToken.None));
        GenerationId = await RescaleAsync(GenerationId, other);
    }

    /// <summary>A generation of this worker and another, which takes over row by row: this one keeps the lower half.</summary>
    public async Task ShareAsync()
    {
        var other = Guid.NewGuid();
        _sessions.Add(await _membership.RegisterAsync(new WorkerRegistration(other, "main", ["totals"], "host", 1, "1.0"), CancellationToken.None));
        var transition = new FormGeneration(GenerationId, null, [Life.WorkerId, other], "test") { Strategy = RebalanceStrategy.Rolling };
        GenerationId = (await _sessions[0].FormAsync(transition, CancellationToken.None))!.Value;
        while ((await _sessions[0].ActivateAsync(new ActivateGeneration(GenerationId, []), CancellationToken.None))!.Moved is not null)
        {
        }
    }

    /// <summary>A generation of this worker alone.</summary>
    public async Task<ImmutableArray<Checkpoint>> TakeBackAsync()
    {
        GenerationId = await RescaleAsync(GenerationId, Life.WorkerId);
        return await RowsAsync();
    }

    public async Task<ImmutableArray<Checkpoint>> RowsAsync(string? projection = null) =>
        [.. (await Checkpoints.LoadAsync(Fence, CancellationToken.None)).Where(row => projection is null || row.Projection == projection)];

    /// <summary>Moves the worker's rows without its runner's knowing.</summary>
    public async Task MoveAllAsync(Fence fence, long position)
    {
        var store = new InMemoryCheckpointStore(Database);
        foreach (Checkpoint row in (await store.LoadAsync(fence, CancellationToken.None)).Where(row => row.Position < position))
        {
            await using IFencedBatch? batch = await store.BeginAsync(fence, row, _services, CancellationToken.None);
            await batch!.CommitAsync(position);
        }
    }

    public BatchApplier Applier(ProjectionDefinition projection) =>
        new(projection, Fence, Checkpoints, _services.GetRequiredService<IServiceScopeFactory>(), TestEnvironment.On(Time), new ProjectionStatus(projection.Name, Time), Loggers.CreateLogger<BatchApplier>());

    public EffectApplier EffectApplier(int maxConcurrency = 1) =>
        new(Define(type: typeof(EffectsOfABatch), maxConcurrency: maxConcurrency), Fence, Checkpoints, _services.GetRequiredService<IServiceScopeFactory>(), Life, TestEnvironment.On(Time), new ProjectionStatus("totals", Time), Loggers.CreateLogger<EffectApplier>());

    /// <summary>Runs a projection over the rows that the worker owns.</summary>
    public async Task RunAsync(ProjectionDefinition projection, CancellationToken drain, CancellationToken abort = default)
    {
        var factory = new ProjectionRunnerFactory(
            [projection], Checkpoints, new InMemoryErrorClassifier(), _services.GetRequiredService<IServiceScopeFactory>(), TestEnvironment.On(Time), Loggers);
        await factory.Create(projection.Name, Fence, Feed, Life).RunAsync(Share = new LaneShare(await RowsAsync(projection.Name)), drain, abort);
    }

    /// <summary>The loop above the runners.</summary>
    public PartitionWorkerLoop Loop(params ProjectionDefinition[] projections)
    {
        var stores = new ProviderStores(_membership, Checkpoints, Log, new InMemoryErrorClassifier());
        var factory = new ProjectionRunnerFactory([.. projections], Checkpoints, stores.Errors, _services.GetRequiredService<IServiceScopeFactory>(), TestEnvironment.On(Time), Loggers);
        return new PartitionWorkerLoop(Life, ReplicaSetDefinition.Fixed("main", new ReplicaSetOptions()), stores, factory, TestEnvironment.On(Time), Loggers.CreateLogger<PartitionWorkerLoop>());
    }

    public async ValueTask DisposeAsync()
    {
        Feed.Dispose();
        Life.Dispose();
        foreach (IControlSession session in _sessions)
        {
            await session.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    private async Task<long> RescaleAsync(long? active, params Guid[] members)
    {
        long generation = (await _sessions[0].FormAsync(new FormGeneration(active, null, [.. members], "test"), CancellationToken.None))!.Value;
        ImmutableArray<Guid> everybody = [.. (await _sessions[0].ReadRosterAsync(CancellationToken.None)).Workers.Select(worker => worker.Id)];
        Assert.That(await _sessions[0].ActivateAsync(new ActivateGeneration(generation, everybody), CancellationToken.None), Is.Not.Null, "activated");
        return generation;
    }
}
