using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Simulation.Stores;

/// <summary>What one process has open on the server: ended when the server notices that the process is gone, and with it what a late request of the process still opens.</summary>
internal sealed class ServerSessions
{
    private readonly List<IControlSession> _sessions = [];
    private readonly HashSet<IFencedBatch> _batches = [];
    private bool _closed;

    public IControlSession Add(IControlSession session)
    {
        _sessions.Add(session);
        EndIfClosed();
        return session;
    }

    public IFencedBatch Add(IFencedBatch batch)
    {
        _batches.Add(batch);
        EndIfClosed();
        return batch;
    }

    public void Remove(IFencedBatch batch) => _batches.Remove(batch);

    /// <summary>Ends the control sessions alone: the process lives and does not know yet.</summary>
    public void EndControl()
    {
        _sessions.ForEach(session => session.DisposeAsync().AsTask());
        _sessions.Clear();
    }

    public void EndAll()
    {
        EndControl();
        foreach (IFencedBatch batch in _batches)
        {
            _ = batch.DisposeAsync().AsTask();
        }

        _batches.Clear();
    }

    /// <summary>The process is gone for good.</summary>
    public void Close()
    {
        _closed = true;
        EndAll();
    }

    private void EndIfClosed()
    {
        if (_closed)
        {
            EndAll();
        }
    }
}
