using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Threading;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>Makes the runners of one replica set's projections.</summary>
internal sealed class ProjectionRunnerFactory(
    ImmutableArray<ProjectionDefinition> projections,
    ICheckpointStore checkpoints,
    IErrorClassifier errors,
    IServiceScopeFactory scopes,
    ExecutionEnvironment environment,
    ILoggerFactory loggers)
{
    /// <summary>The projections' names: what a worker announces.</summary>
    public ImmutableArray<string> Names { get; } = [.. projections.Select(projection => projection.Name)];

    /// <summary>Makes a runner.</summary>
    /// <param name="name">One of <see cref="Names"/>: the leader gives a worker only rows of projections that it announced.</param>
    /// <param name="fence">The owner of its rows.</param>
    /// <param name="feed">The generation's feed.</param>
    /// <param name="life">The worker's life.</param>
    public ProjectionRunner Create(string name, Fence fence, EventFeed feed, WorkerLife life)
    {
        ProjectionDefinition projection = projections.First(candidate => candidate.Name == name);
        ILogger<ProjectionRunner> logger = loggers.CreateLogger<ProjectionRunner>();
        var status = new ProjectionStatus(projection.Name, environment.Time, life.Status.Metrics.Of(projection.Name));
        IRowApplier applier = projection.Type.IsAssignableTo(typeof(IEffectHandler))
            ? new EffectApplier(projection, fence, checkpoints, scopes, life, environment, status, loggers.CreateLogger<EffectApplier>())
            : new BatchApplier(projection, fence, checkpoints, scopes, environment, status, loggers.CreateLogger<BatchApplier>());
        var failures = new RowFailures(projection, fence.ReplicaSet, errors, environment, logger);
        var heartbeat = new HeartbeatWatch(life, fence.ReplicaSet, projection.Name, logger);
        return new ProjectionRunner(projection, fence, feed, checkpoints, applier, heartbeat, failures, life, environment, status, logger);
    }
}
