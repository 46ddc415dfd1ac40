using System.Collections.Concurrent;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Tests.Membership;

/// <summary>Heartbeat sessions that answer what a test says.</summary>
internal sealed class ScriptedHeartbeats : IMembershipStore
{
    private readonly ConcurrentQueue<Guid> _opened = new();
    private readonly SemaphoreSlim _answered = new(0);
    private int _beats;
    private int _closed;

    /// <summary>Called for every session that is opened; may throw.</summary>
    public Func<bool> OnOpen { get; set; } = () => true;

    /// <summary>Answers the n-th heartbeat, from 1.</summary>
    public Func<int, bool> OnBeat { get; set; } = _ => true;

    public IReadOnlyList<Guid> Opened => [.. _opened];

    public int Closed => _closed;

    public Task<IControlSession> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IHeartbeatSession> OpenHeartbeatAsync(string replicaSet, Guid workerId, CancellationToken cancellationToken)
    {
        _opened.Enqueue(workerId);
        OnOpen();
        return ValueTask.FromResult<IHeartbeatSession>(new Session(this));
    }

    /// <summary>Blocks until that many heartbeats have been answered: without the thread pool.</summary>
    public void WaitForBeats(int count, TimeSpan patience)
    {
        for (int i = 1; i <= count; i++)
        {
            Assert.That(_answered.Wait(patience), $"heartbeat {i} of {count} within {patience}");
        }
    }

    private sealed class Session(ScriptedHeartbeats store) : IHeartbeatSession
    {
        public ValueTask<bool> BeatAsync(CancellationToken cancellationToken)
        {
            bool answer = store.OnBeat(Interlocked.Increment(ref store._beats));
            store._answered.Release();
            return ValueTask.FromResult(answer);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref store._closed);
            return ValueTask.CompletedTask;
        }
    }
}
