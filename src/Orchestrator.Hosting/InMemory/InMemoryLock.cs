using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.InMemory;

/// <summary>A lock that is waited for without a thread and granted in the order of asking, like a row lock.</summary>
internal sealed class InMemoryLock
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = [];
    private bool _held;

    /// <summary>Takes the lock if nobody holds it.</summary>
    public bool TryAcquire()
    {
        lock (_gate)
        {
            return !_held && (_held = true);
        }
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="OperationCanceledException">It did not come before the token was cancelled.</exception>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (TryAcquire())
            {
                return;
            }

            _waiters.AddLast(granted);
        }

        try
        {
            await Interruptible.WaitAsync(granted.Task, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUp(granted);
            throw;
        }
    }

    public void Release()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            next = _waiters.First?.Value;
            if (next is null)
            {
                _held = false;
                return;
            }

            _waiters.RemoveFirst();
        }

        next.SetResult();
    }

    private void GiveUp(TaskCompletionSource waiter)
    {
        bool wasWaiting;
        lock (_gate)
        {
            wasWaiting = _waiters.Remove(waiter);
        }

        // Granted and cancelled at once: it goes to the next.
        if (!wasWaiting)
        {
            Release();
        }
    }
}
