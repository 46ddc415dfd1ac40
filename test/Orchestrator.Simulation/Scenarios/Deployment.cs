using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Processing;
using Orchestrator.Projections;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What every process of the deployment has: the same replica set, the same projections, the same options.</summary>
internal sealed class Deployment
{
    public Deployment(World world, Action<string, PersistedEvent, ProjectionContext> applied)
    {
        Options = RandomOptions(world);
        Scopes = new HandlerScopes(new Recorder(applied));
        Projections =
        [
            new ProjectionDefinition("all", typeof(Recorder), EventFilter.All, 8, Options.MaxBatchDuration, RetryPolicy.Of(Options.Retry)),
            new ProjectionDefinition("some", typeof(Recorder), EventFilter.Of([], ["Odd"]), 5, Options.MaxBatchDuration, RetryPolicy.Of(Options.Retry)),
        ];
    }

    public string ReplicaSet => "main";

    public ImmutableArray<ProjectionDefinition> Projections { get; }

    public IServiceScopeFactory Scopes { get; }

    public ReplicaSetOptions Options { get; }

    // From impatient to patient, so that every time-out is sometimes the one that strikes first.
    private static ReplicaSetOptions RandomOptions(World world) => new()
    {
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        StaleWorkerTimeout = world.Between(400, 3_000),
        CoordinationTimeout = world.Between(100, 1_500),
        CoordinationInterval = TimeSpan.FromMilliseconds(50),
        RegistrationWaitTime = TimeSpan.FromMilliseconds(300),
        JoinQuietTime = TimeSpan.FromMilliseconds(50),
        PollInterval = TimeSpan.FromMilliseconds(200),
        DrainTimeout = TimeSpan.FromSeconds(1),
        PageSize = 20,
        Lanes = world.Random.Next(1, 4),
        MaxWorkers = world.Chance(0.3) ? world.Random.Next(1, 4) : null,
    };

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
