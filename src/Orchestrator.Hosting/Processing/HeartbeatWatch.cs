using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.Processing;

/// <summary>Says when a projection stands still because no heartbeat is confirmed, and when it goes on. Said by the projection, because that is what stands still; the heartbeat's own failures are its loop's to say.</summary>
internal sealed class HeartbeatWatch(WorkerLife life, string replicaSet, string projection, ILogger<ProjectionRunner> logger)
{
    private bool _awaits;

    /// <summary>Looks whether that has changed.</summary>
    public void Look()
    {
        bool may = life.MayStartBatch;
        bool awaits = !may && !life.Ended.IsCancellationRequested;
        if (awaits && !_awaits)
        {
            logger.HeartbeatAwaited(replicaSet, projection, life.WorkerId);
        }
        else if (may && _awaits)
        {
            logger.HeartbeatNoLongerAwaited(replicaSet, projection, life.WorkerId);
        }

        _awaits = awaits;
    }
}
