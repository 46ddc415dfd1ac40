using System.Collections.Concurrent;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Tests.Processing;

/// <summary>What projections of a test do, and what they have done.</summary>
internal sealed class Script
{
    private readonly ConcurrentQueue<(string Projection, long Position)> _applied = new();
    private readonly ConcurrentQueue<int> _sizes = new();
    private int _instances;

    public Func<PersistedEvent, ProjectionContext, CancellationToken, ValueTask> OnEvent { get; set; } = (_, _, _) => ValueTask.CompletedTask;

    /// <summary>How many handlers have been made.</summary>
    public int Instances => _instances;

    /// <summary>The size of each batch that a batch projection was given, committed or not.</summary>
    public IReadOnlyList<int> BatchSizes => [.. _sizes];

    /// <summary>The positions that a projection has committed, in their order.</summary>
    public IReadOnlyList<long> Applied(string projection = "totals") => [.. _applied.Where(entry => entry.Projection == projection).Select(entry => entry.Position)];

    public void Made() => Interlocked.Increment(ref _instances);

    public void Given(int events) => _sizes.Enqueue(events);

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        await OnEvent(e, context, cancellationToken);
        context.OnCommitted(() => _applied.Enqueue((context.Projection, e.GlobalPosition)));
    }
}

/// <summary>Follows its script, event by event.</summary>
internal sealed class ScriptedProjection : IProjection
{
    private readonly Script _script;

    public ScriptedProjection(Script script)
    {
        _script = script;
        script.Made();
    }

    public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => _script.HandleAsync(e, context, cancellationToken);
}

/// <summary>Follows its script, a batch at once.</summary>
internal sealed class ScriptedBatchProjection(Script script) : IBatchProjection
{
    public async ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        script.Given(events.Count);
        foreach (PersistedEvent e in events)
        {
            await script.HandleAsync(e, context, cancellationToken);
        }
    }
}
