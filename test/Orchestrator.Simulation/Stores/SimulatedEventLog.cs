using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Processing;
using Orchestrator.Hosting.Threading;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.Simulation.Stores;

/// <summary>
/// One process's way to the log, over the network: the production horizon tracker, fed by observations whose statements run in the production order, one moment after the other.
/// </summary>
internal sealed class SimulatedEventLog(SimulatedLog log, SimulatedNetwork network, Func<long> greatestCheckpoint) : IEventLog
{
    private readonly InMemoryLock _session = new();
    private HorizonTracker? _tracker;
    private int _connection;

    public async ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        long readAt = network.Client.Time.GetTimestamp();
        long horizon = await ReadHorizonAsync(readAt, cancellationToken);
        return horizon <= request.From
            ? new EventPage(request.From, request.From, request.Slots, [], [], readAt, 0)
            : await network.CallAsync("read page", () => Task.FromResult(log.Read(request, horizon, readAt)), null, cancellationToken);
    }

    public async ValueTask<long> ReadEndAsync(CancellationToken cancellationToken) =>
        await network.CallAsync("read end of log", () => Task.FromResult(log.LastVisible), null, cancellationToken);

    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken) =>
        network.CallAsync("wait for events", () => WaitOnServerAsync(position, timeout), null, cancellationToken);

    private async Task<long> ReadHorizonAsync(long readAt, CancellationToken cancellationToken)
    {
        await _session.AcquireAsync(cancellationToken);
        try
        {
            // A new connection knows nothing of what an older one has seen.
            if (_connection != network.Connection)
            {
                _connection = network.Connection;
                _tracker = null;
            }

            HorizonTracker tracker = _tracker ??= new HorizonTracker(await network.CallAsync("begin to observe", () => Task.FromResult(greatestCheckpoint()), null, cancellationToken));
            tracker.Observe(await network.CallAsync("observe", () => ObserveAsync(tracker.Position, readAt), null, cancellationToken));
            return tracker.Position;
        }
        catch (SimulatedConnectionLostException)
        {
            _tracker = null;
            throw;
        }
        finally
        {
            _session.Release();
        }
    }

    private async Task<HorizonObservation> ObserveAsync(long horizon, long readAt)
    {
        long lastValue = 0;
        string[] holders = [];
        long contiguousTo = 0;
        foreach (string statement in HorizonSession.ObservationInOrder)
        {
            switch (statement)
            {
                case "horizon_last_value":
                    lastValue = log.LastValue;
                    break;
                case "horizon_lock_holders":
                    holders = log.Holders;
                    break;
                case "horizon_contiguous":
                    contiguousTo = log.ContiguousTo(horizon);
                    break;
                default:
                    throw new NotSupportedException($"The simulated server does not know the statement {statement}.");
            }

            // Mostly at once, now and then long enough for whole appends to fit in between.
            if (network.World.Chance(0.1))
            {
                await Interruptible.DelayAsync(network.World.Between(0, 10), network.Server.Time, CancellationToken.None);
            }
        }

        return new HorizonObservation(lastValue, holders, contiguousTo, readAt);
    }

    private async Task<bool> WaitOnServerAsync(long position, TimeSpan timeout)
    {
        if (log.LastVisible <= position)
        {
            await log.Commits.WaitForOtherAsync(log.Commits.Value, timeout, network.Server.Time, CancellationToken.None);
        }

        return true;
    }
}
