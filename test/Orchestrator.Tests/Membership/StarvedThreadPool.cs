namespace Orchestrator.Tests.Membership;

/// <summary>Keeps the thread pool from getting anything done until disposed, as handlers that block their threads do: more of them than the pool makes threads for in a test's time.</summary>
internal sealed class StarvedThreadPool : IDisposable
{
    private readonly ManualResetEventSlim _free = new();
    private volatile bool _ranAnything;

    public StarvedThreadPool()
    {
        for (int i = 0; i < 500; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => _free.Wait(), null);
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => _ranAnything = true, null);
    }

    /// <summary>Whether the pool has found a thread for anything since.</summary>
    public bool HasRunAnything => _ranAnything;

    public void Dispose() => _free.Set();
}
