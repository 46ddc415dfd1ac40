using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Handlers;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Scaling;
using Orchestrator.Hosting.Threading;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>Puts together what a registered replica set needs.</summary>
internal sealed class ReplicaSetAgentFactory(
    IServiceProvider services,
    LiveSettings settings,
    ExecutionEnvironment environment,
    ILoggerFactory loggers)
{
    /// <summary>Whether the services have been disposed; they do not say so in any other way.</summary>
    public bool IsDisposed
    {
        get
        {
            try
            {
                services.GetRequiredService<ExecutionEnvironment>();
                return false;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Makes a replica set's agent.</summary>
    /// <returns>The agent, or null: the replica set is not enabled in this process.</returns>
    public ReplicaSetAgent? Create(ReplicaSetRegistration replicaSet)
    {
        LiveReplicaSet live = settings.Of(replicaSet.Name);
        ReplicaSetOptions options = live.Section.AtStart;
        ReplicaSetStatus status = services.GetRequiredService<OrchestratorStatus>().Of(replicaSet.Name);
        if (!options.Enabled)
        {
            status.Disable();
            loggers.CreateLogger<ReplicaSetAgent>().NotEnabled(replicaSet.Name);
            return null;
        }

        status.Scaling = new ScalingSignal(options, live.Tuning, environment.Time);
        ProviderStores stores = GetStores();
        ImmutableArray<ProjectionDefinition> projections = [.. replicaSet.Projections.Select(projection => Define(projection, live.Of(projection.Name), options.TraceEvents))];
        var runners = new ProjectionRunnerFactory(projections, stores.Checkpoints, stores.Errors, services.GetRequiredService<IServiceScopeFactory>(), environment, loggers);
        return new ReplicaSetAgent(new ReplicaSetDefinition(replicaSet.Name, options, live.Tuning), stores, runners, services.GetRequiredService<ProcessIdentity>(), environment, status, loggers);
    }

    /// <summary>What the chosen provider brings.</summary>
    public ProviderStores GetStores() => new(
        services.GetRequiredService<IMembershipStore>(),
        services.GetRequiredService<ICheckpointStore>(),
        services.GetRequiredService<IEventLog>(),
        services.GetRequiredService<IErrorClassifier>());

    /// <summary>Where agents that run are remembered. Only behind <see cref="Create"/>, which makes the stores: who is made last is disposed first.</summary>
    public RunningReplicaSets GetRunning() => services.GetRequiredService<RunningReplicaSets>();

    private ProjectionDefinition Define(ProjectionRegistration projection, LiveProjection live, bool traceEvents)
    {
        ProjectionOptions own = live.Section.AtStart;
        ProjectionAttribute? attribute = projection.Type.GetCustomAttribute<ProjectionAttribute>();
        TypedDispatch? typed = projection.Handlers is { } handlers
            ? new TypedDispatch(handlers, services.GetRequiredService<IOptions<EventJsonOptions>>().Value.SerializerOptions, own.UnknownEvents == UnknownEvents.Refuse)
            : null;
        IEnumerable<string> eventTypes = attribute is { EventTypes.Length: > 0 } ? attribute.EventTypes : typed is { RefuseUnknown: false } ? typed.Handlers.EventTypes : [];
        var filter = EventFilter.Of(
            own.AggregateTypes.Count > 0 ? own.AggregateTypes : attribute?.AggregateTypes ?? [],
            own.EventTypes.Count > 0 ? own.EventTypes : eventTypes);
        return new ProjectionDefinition(projection.Name, projection.Type, filter, live.Tuning) { Typed = typed, TraceEvents = traceEvents };
    }
}
