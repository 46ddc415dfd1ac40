using System.Collections.Concurrent;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Tests.Processing;

/// <summary>Effects that do what a test says, and remember what they have done.</summary>
internal sealed class ScriptedEffects : IEffectHandler
{
    private readonly ConcurrentQueue<(long Position, Guid Key)> _done = new();

    public Func<PersistedEvent, CancellationToken, ValueTask> OnEvent { get; set; } = (_, _) => ValueTask.CompletedTask;

    public IReadOnlyList<(long Position, Guid Key)> Done => [.. _done];

    public IEnumerable<long> Positions => _done.Select(effect => effect.Position);

    public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken)
    {
        await OnEvent(e, cancellationToken);
        _done.Enqueue((e.GlobalPosition, context.IdempotencyKey));
    }
}

/// <summary>What an applier makes: another one each time it asks.</summary>
internal sealed class EffectsOfABatch : IEffectHandler
{
    private readonly ScriptedEffects _effects;

    public EffectsOfABatch(ScriptedEffects effects, Script script)
    {
        _effects = effects;
        script.Made();
    }

    public ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken) => _effects.HandleAsync(e, context, cancellationToken);
}
