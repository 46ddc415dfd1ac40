using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Handlers;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Projections;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds replica sets and projections to an orchestrator.</summary>
public static class ReplicaSetBuilderExtensions
{
    /// <summary>Adds a replica set: a named group of projections that scale together. Adding a name again extends that replica set.</summary>
    /// <param name="builder">The orchestrator, or another replica set.</param>
    /// <param name="name">The name; 1 to 100 characters, no colon, no control characters. Every process that is to share the work uses the same.</param>
    /// <param name="configure">Settings; configuration under <c>Orchestrator:ReplicaSets:&lt;name&gt;</c> wins over them.</param>
    /// <returns>A builder for its projections.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long, or has a colon.</exception>
    public static IReplicaSetBuilder AddReplicaSet(this IOrchestratorBuilder builder, string name, Action<ReplicaSetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ThrowUnlessName(name, "replica set", 100, nameof(name));
        OrchestratorRegistry registry = RegistryOf(builder);
        (ReplicaSetRegistration replicaSet, bool added) = registry.GetOrAdd(name);
        if (added)
        {
            builder.Services.AddOptions<ReplicaSetOptions>(name).ValidateOnStart();

            // Not AddHostedService: it registers a type once, and there is one service a replica set.
            builder.Services.AddSingleton<IHostedService>(services =>
                new ReplicaSetHostedService(services.GetRequiredService<ReplicaSetAgentFactory>(), replicaSet, services.GetRequiredService<IHostApplicationLifetime>()));
        }

        if (configure is not null)
        {
            builder.Services.Configure(name, configure);
        }

        return new ReplicaSetBuilder(builder.Services, registry, replicaSet);
    }

    /// <summary>Adds a projection to a replica set.</summary>
    /// <typeparam name="T">A class that implements <see cref="IProjection"/>, <see cref="IBatchProjection"/>, <see cref="IHandle{TEvent}"/> for one or more classes of events, or <see cref="IEffectHandler"/>; resolved from a new scope for every batch attempt, registered as scoped unless it already is.</typeparam>
    /// <param name="builder">The replica set.</param>
    /// <param name="name">The projection's name, the key of its checkpoints; 1 to 200 characters, no colon, no control characters. Default: the name in its <see cref="ProjectionAttribute"/>, else the type's name.</param>
    /// <param name="configure">Settings; configuration under <c>Orchestrator:ReplicaSets:&lt;replica set&gt;:Projections:&lt;name&gt;</c> wins over them.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The class is no projection, or several kinds of it, or has two handlers for one event type; or the name is empty, too long, with a colon, or already taken in this replica set.</exception>
    public static IReplicaSetBuilder AddProjection<T>(this IReplicaSetBuilder builder, string? name = null, Action<ProjectionOptions>? configure = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        HandlerKinds.ThrowUnlessOne(typeof(T));
        string key = name ?? typeof(T).GetCustomAttribute<ProjectionAttribute>()?.Name ?? typeof(T).Name;
        ThrowUnlessName(key, "projection", 200, nameof(name));
        ReplicaSetRegistration replicaSet = ((ReplicaSetBuilder)builder).ReplicaSet;
        if (replicaSet.Projections.Exists(projection => projection.Name == key))
        {
            throw new ArgumentException($"The replica set '{replicaSet.Name}' already has a projection '{key}'. A name is the key of a projection's checkpoints: give one of the two another.", nameof(name));
        }

        replicaSet.Projections.Add(new ProjectionRegistration(key, typeof(T), TypedHandlers.Of(typeof(T))));
        builder.Services.TryAddScoped<T>();
        string section = ConfigurationKeys.Projection(replicaSet.Name, key);
        builder.Services.AddOptions<ProjectionOptions>(section).ValidateOnStart();
        if (configure is not null)
        {
            builder.Services.Configure(section, configure);
        }

        return builder;
    }

    private static void ThrowUnlessName(string name, string what, int maxLength, string parameter)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > maxLength)
        {
            throw new ArgumentException($"A {what}'s name has 1 to {maxLength} characters, not '{name}' ({name?.Length ?? 0}).", parameter);
        }

        if (name.Any(char.IsControl) || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) != name)
        {
            throw new ArgumentException($"A {what}'s name has no control characters and no halves of characters: it stands in logs and tables.", parameter);
        }

        if (name.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
        {
            throw new ArgumentException($"A {what}'s name has no colon, and '{name}' has one: it separates the keys of a configuration, so that no setting could reach this {what}. Write '{name.Replace(ConfigurationPath.KeyDelimiter, "-", StringComparison.Ordinal)}', for instance.", parameter);
        }
    }

    private static OrchestratorRegistry RegistryOf(IOrchestratorBuilder builder) => builder switch
    {
        OrchestratorBuilder root => root.Registry,
        ReplicaSetBuilder replicaSet => replicaSet.Registry,
        _ => throw new ArgumentException($"{builder.GetType()} is not a builder of this library.", nameof(builder)),
    };
}
