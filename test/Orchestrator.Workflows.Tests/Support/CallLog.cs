using System.Collections.Concurrent;

namespace Orchestrator.Workflows.Tests.Support;

/// <summary>Which services were asked, in order.</summary>
internal sealed class CallLog
{
    private readonly ConcurrentQueue<string> _calls = new();

    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>A service that answers with its own name.</summary>
    public ValueTask<object?> Answer(WorkflowContext context, CancellationToken cancellationToken)
    {
        _calls.Enqueue(context.Service);
        return ValueTask.FromResult<object?>(context.Service);
    }

    /// <summary>A service that fails its first attempts.</summary>
    public Func<WorkflowContext, CancellationToken, ValueTask<object?>> FailFirst(int attempts) => (context, _) =>
    {
        _calls.Enqueue(context.Service);
        return context.Attempt <= attempts ? throw new InvalidOperationException($"no {context.Attempt}") : ValueTask.FromResult<object?>("done");
    };

    /// <summary>A service that always fails.</summary>
    public ValueTask<object?> Fail(WorkflowContext context, CancellationToken cancellationToken)
    {
        _calls.Enqueue(context.Service);
        throw new InvalidOperationException("always");
    }

    /// <summary>A service that works until it is cancelled.</summary>
    public async ValueTask<object?> Hang(WorkflowContext context, CancellationToken cancellationToken)
    {
        _calls.Enqueue(context.Service);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return null;
    }
}
