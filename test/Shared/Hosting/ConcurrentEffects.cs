using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Projections;

namespace Orchestrator.Testing.Shared;

/// <summary>Effects of which several run at the same time, for any provider.</summary>
internal static class ConcurrentEffects
{
    /// <summary>How many.</summary>
    public const int AtTheSameTime = 4;

    private const string Projection = "calls";

    /// <summary>Adds them.</summary>
    public static void Add(IReplicaSetBuilder replicaSet, string aggregateType, Partner partner)
    {
        replicaSet.Services.AddSingleton(partner).AddScoped<Conversation>();
        replicaSet.AddProjection<Calls>(Projection, options =>
        {
            options.AggregateTypes.Add(aggregateType);
            options.MaxConcurrency = AtTheSameTime;
        });
    }

    /// <summary>Whom they call. The first calls are answered when there are as many as may be; one call fails once.</summary>
    /// <param name="look">Looks at the world in the middle of each call.</param>
    internal sealed class Partner(Func<Task>? look = null)
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<(PersistedEvent Event, Guid Key)> _done = new();
        private int _calls;
        private int _running;
        private int _tooMany;
        private int _shared;

        public async Task CallAsync(PersistedEvent e, EffectContext context, Conversation conversation, CancellationToken cancellationToken)
        {
            int call = Interlocked.Increment(ref _calls);
            int running = Interlocked.Increment(ref _running);
            Count(ref _tooMany, running > AtTheSameTime);
            Count(ref _shared, !conversation.Begin() || !ReferenceEquals(context.Services.GetService<Conversation>(), conversation));
            if (running == AtTheSameTime)
            {
                _full.TrySetResult();
            }

            try
            {
                await _full.Task.WaitAsync(Deadline, TimeProvider.System, cancellationToken);
                await (look?.Invoke() ?? Task.CompletedTask);
                if (call == 3)
                {
                    throw new HttpRequestException("The partner is away.");
                }

                _done.Enqueue((e, context.IdempotencyKey));
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        private static void Count(ref int counter, bool condition) => Interlocked.Add(ref counter, condition ? 1 : 0);

        /// <summary>Asserts that each event was done, under its key, and behind those of its aggregate that come before it.</summary>
        public void AssertDone(int events)
        {
            Assert.That(_done.Select(done => done.Event.EventId).Distinct().Count(), Is.EqualTo(events));
            Assert.That(_done.Select(done => done.Key), Is.EqualTo(_done.Select(done => IdempotencyKey.Of(Projection, done.Event.EventId))));
            Assert.That(_full.Task.IsCompletedSuccessfully, "as many at the same time as there may be");
            Assert.That((_tooMany, _shared), Is.EqualTo((0, 0)), "and no more, each in a scope of its own");
            foreach (IGrouping<string, PersistedEvent> aggregate in _done.Select(done => done.Event).GroupBy(e => e.AggregateId))
            {
                Assert.That(aggregate.DistinctBy(e => e.EventId).Select(e => e.AggregateVersion), Is.Ordered);
            }
        }
    }

    /// <summary>What one call has for itself.</summary>
    internal sealed class Conversation
    {
        private bool _begun;

        /// <summary>Begins.</summary>
        /// <returns>False when a call before has begun it.</returns>
        public bool Begin() => !_begun && (_begun = true);
    }

    private sealed class Calls(Partner partner, Conversation conversation) : IEffectHandler
    {
        public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) => await partner.CallAsync(e, context, conversation, cancellationToken);
    }
}
