using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Projections;

namespace Orchestrator.Testing.Shared;

/// <summary>One handler of each kind, which notes what it is given under the scope that it was made in. The third event that is given fails.</summary>
internal static class ScopedHandlers
{
    /// <summary>The event type that <see cref="Typed"/> handles.</summary>
    public const string EventType = nameof(Happened);

    /// <summary>The kinds.</summary>
    public static readonly IReadOnlyList<string> Kinds = [nameof(IProjection), nameof(IBatchProjection), "IHandle", nameof(IEffectHandler)];

    /// <summary>Adds a projection of a kind, with an aggregate type to want.</summary>
    public static void Add(IReplicaSetBuilder replicaSet, string kind, string aggregateType)
    {
        void Filter(ProjectionOptions options) => options.AggregateTypes.Add(aggregateType);
        _ = kind switch
        {
            nameof(IProjection) => replicaSet.AddProjection<Each>("each", Filter),
            nameof(IBatchProjection) => replicaSet.AddProjection<Whole>("whole", Filter),
            nameof(IEffectHandler) => replicaSet.AddProjection<Effects>("effects", Filter),
            _ => replicaSet.AddProjection<Typed>("typed", Filter),
        };
    }

    /// <summary>Adds what the handlers ask for.</summary>
    public static IServiceCollection AddScopes(this IServiceCollection services, Scopes scopes) => services.AddSingleton(scopes).AddScoped<ScopedService>();

    private sealed record Happened;

    private sealed class Each(ScopedService service) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            service.Use(e, context.Services);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Whole(ScopedService service) : IBatchProjection
    {
        public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
        {
            foreach (PersistedEvent e in events)
            {
                service.Use(e, context.Services);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Typed(ScopedService service) : IHandle<Happened>
    {
        public ValueTask HandleAsync(Happened e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
        {
            service.Use(envelope, context.Services);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Effects(ScopedService service) : IEffectHandler
    {
        public ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken)
        {
            service.Use(e, context.Services);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>What the scopes of a test have seen.</summary>
internal sealed class Scopes
{
    private readonly ConcurrentQueue<ScopedService> _made = new();
    private int _uses;

    /// <summary>The services that were used, in the order in which they were made.</summary>
    public IReadOnlyList<ScopedService> Used => [.. _made.Where(service => service.Positions.Count > 0)];

    /// <summary>Asserts that each attempt had a scope of its own: the first three events were in one, and it began again in another.</summary>
    public void AssertOneAnAttempt(string kind, int events)
    {
        IReadOnlyList<long> failed = Used[0].Positions;
        Assert.That(failed, Has.Count.EqualTo(3), "events of one batch share a scope");

        // What effects have done in front of a failure is not repeated.
        Assert.That(Used[1].Positions[0], Is.EqualTo(kind == nameof(IEffectHandler) ? failed[2] : failed[0]), "a new scope behind the failure");
        Assert.That(Used.SelectMany(service => service.Positions).Distinct().Count(), Is.EqualTo(events));
        Assert.That(_made.Count(service => !service.IsDisposed), Is.Zero, "each is disposed behind its attempt");
        Assert.That(Used.Count(service => service.IsMisused), Is.Zero, "the context has the scope that the handler was made in");
    }

    public void Made(ScopedService service) => _made.Enqueue(service);

    public void Use()
    {
        if (Interlocked.Increment(ref _uses) == 3)
        {
            throw new FormatException("Failed on purpose.");
        }
    }
}

/// <summary>A scoped service. It can be disposed asynchronously only.</summary>
internal sealed class ScopedService : IAsyncDisposable
{
    private readonly Scopes _scopes;
    private readonly List<long> _positions = [];

    public ScopedService(Scopes scopes)
    {
        _scopes = scopes;
        scopes.Made(this);
    }

    /// <summary>The positions that it was used for.</summary>
    public IReadOnlyList<long> Positions => _positions;

    public bool IsDisposed { get; private set; }

    /// <summary>Whether it was used behind its end, or by a handler whose context had another one.</summary>
    public bool IsMisused { get; private set; }

    public void Use(PersistedEvent e, IServiceProvider services)
    {
        IsMisused |= IsDisposed || !ReferenceEquals(services.GetService<ScopedService>(), this);
        _positions.Add(e.GlobalPosition);
        _scopes.Use();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        IsDisposed = true;
    }
}
