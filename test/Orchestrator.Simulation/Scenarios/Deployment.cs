using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;
using Orchestrator.Projections;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What is deployed: the replica set, its projections, its options. During a rolling deployment, some processes have fewer projections.</summary>
internal sealed class Deployment
{
    private readonly World _world;
    private readonly Func<ReplicaSetOptions> _createOptions;
    private readonly ImmutableArray<ProjectionDefinition> _projections;

    public Deployment(World world, Action<string, PersistedEvent, ProjectionContext> applied, Func<ReplicaSetOptions> createOptions)
    {
        _world = world;
        _createOptions = createOptions;
        ReplicaSetOptions options = _createOptions();
        Scopes = new HandlerScopes(new Recorder(world, applied));
        _projections =
        [
            new ProjectionDefinition("all", typeof(Recorder), EventFilter.All, Tuning(8, options)),
            new ProjectionDefinition("some", typeof(Recorder), EventFilter.Of([], ["Odd"]), Tuning(5, options)),
        ];
    }

    public static ImmutableArray<string> Names { get; } = ["all", "some"];

    public string ReplicaSet => "main";

    public IServiceScopeFactory Scopes { get; }

    /// <summary>Whether processes differ in the projections that they have, until the deployment is through.</summary>
    public bool IsRolling { get; init; }

    public static bool Wants(string projection, PersistedEvent e) => projection == "all" || e.EventType == "Odd";

    /// <summary>How the log is divided anew; null: processes differ in that.</summary>
    public RebalanceStrategy? Strategy { get; init; }

    /// <summary>The projections of a process that starts.</summary>
    /// <param name="last">Whether it is of the last deployment, which has them all.</param>
    public ImmutableArray<ProjectionDefinition> ProjectionsOf(bool last) => IsRolling && !last && _world.Chance(0.4) ? _projections[..1] : _projections;

    /// <summary>The options of one process.</summary>
    public ReplicaSetOptions OptionsOf(StaticPartition? partition)
    {
        ReplicaSetOptions options = _createOptions();
        options.Strategy = Strategy ?? (_world.Chance(0.5) ? RebalanceStrategy.Rolling : RebalanceStrategy.Recreate);
        if (partition is not null)
        {
            (options.PartitionKey, options.TotalPartitions, options.MaxWorkers) = (partition.Key, partition.Total, null);
        }

        return options;
    }

    private static Live<ProjectionTuning> Tuning(int batchSize, ReplicaSetOptions options) => new(ProjectionTuning.Of(new ProjectionOptions { BatchSize = batchSize }, options));

    /// <summary>Tells what takes effect, in the moment in which it does. Now and then it takes a while, or fails first.</summary>
    private sealed class Recorder(World world, Action<string, PersistedEvent, ProjectionContext> applied) : IProjection
    {
        private readonly Dictionary<(string, long), int> _failures = [];

        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            if (world.Chance(0.05))
            {
                // In the middle of a batch, whose row is locked meanwhile.
                await Interruptible.DelayAsync(world.Between(1, 200), SimulatedNode.OfCaller.Time, cancellationToken);
            }

            if (!_failures.TryGetValue((context.Projection, e.GlobalPosition), out int left))
            {
                left = world.Chance(0.01) ? world.Random.Next(1, 4) : 0;
            }

            _failures[(context.Projection, e.GlobalPosition)] = Math.Max(0, left - 1);
            if (left > 0)
            {
                throw new InvalidDataException("The handler fails.");
            }

            context.OnCommitted(() => applied(context.Projection, e, context));
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
