using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What every process of the deployment has: the same replica set, the same projections, the same options but for the partitions that are set by hand.</summary>
internal sealed class Deployment
{
    private readonly Func<ReplicaSetOptions> _createOptions;

    public Deployment(World world, Action<string, PersistedEvent, ProjectionContext> applied)
    {
        _createOptions = RandomOptions(world);
        ReplicaSetOptions options = _createOptions();
        Scopes = new HandlerScopes(new Recorder(applied));
        Projections =
        [
            new ProjectionDefinition("all", typeof(Recorder), EventFilter.All, Tuning(8, options)),
            new ProjectionDefinition("some", typeof(Recorder), EventFilter.Of([], ["Odd"]), Tuning(5, options)),
        ];
    }

    public string ReplicaSet => "main";

    public ImmutableArray<ProjectionDefinition> Projections { get; }

    public IServiceScopeFactory Scopes { get; }

    /// <summary>The options of one process.</summary>
    public ReplicaSetOptions OptionsOf(StaticPartition? partition)
    {
        ReplicaSetOptions options = _createOptions();
        if (partition is not null)
        {
            (options.PartitionKey, options.TotalPartitions, options.MaxWorkers) = (partition.Key, partition.Total, null);
        }

        return options;
    }

    private static Live<ProjectionTuning> Tuning(int batchSize, ReplicaSetOptions options) => new(ProjectionTuning.Of(new ProjectionOptions { BatchSize = batchSize }, options));

    // From impatient to patient, so that every time-out is sometimes the one that strikes first.
    private static Func<ReplicaSetOptions> RandomOptions(World world)
    {
        TimeSpan staleWorkerTimeout = world.Between(400, 3_000);
        TimeSpan coordinationTimeout = world.Between(100, 1_500);
        int lanes = world.Random.Next(1, 4);
        int? maxWorkers = world.Chance(0.3) ? world.Random.Next(1, 4) : null;
        return () => new ReplicaSetOptions
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(100),
            StaleWorkerTimeout = staleWorkerTimeout,
            CoordinationTimeout = coordinationTimeout,
            CoordinationInterval = TimeSpan.FromMilliseconds(50),
            RegistrationWaitTime = TimeSpan.FromMilliseconds(300),
            JoinQuietTime = TimeSpan.FromMilliseconds(50),
            PollInterval = TimeSpan.FromMilliseconds(200),
            DrainTimeout = TimeSpan.FromSeconds(1),
            PageSize = 20,
            Lanes = lanes,
            MaxWorkers = maxWorkers,
        };
    }

    /// <summary>Tells what takes effect, in the moment in which it does.</summary>
    private sealed class Recorder(Action<string, PersistedEvent, ProjectionContext> applied) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.OnCommitted(() => applied(context.Projection, e, context));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class HandlerScopes(Recorder recorder) : IServiceScopeFactory, IServiceScope, IServiceProvider
    {
        public IServiceProvider ServiceProvider => this;

        public IServiceScope CreateScope() => this;

        public object? GetService(Type serviceType) => recorder;

        public void Dispose()
        {
        }
    }
}
