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
    private long _commits;
    private long _passed;

    public async ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        long readAt = network.Client.Time.GetTimestamp();
        long horizon = await ReadHorizonAsync(readAt, cancellationToken);
        if (horizon <= request.From)
        {
            return new EventPage(request.From, request.From, request.Slots, [], [], readAt, 0);
        }

        EventPage page = await network.CallAsync("read page", () => Task.FromResult(log.Read(request, horizon, readAt)), null, cancellationToken);
        _passed = Math.Max(_passed, page.To);
        return page;
    }

    public async ValueTask<long> ReadEndAsync(CancellationToken cancellationToken) =>
        await network.CallAsync("read end of log", () => Task.FromResult(log.LastVisible), null, cancellationToken);

    // As in production: at once where another reader of the process has been further, else for a commit since the horizon was observed.
    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken) => Math.Min(_tracker?.Position ?? 0, _passed) > position
        ? Task.CompletedTask
        : network.CallAsync("wait for events", () => WaitOnServerAsync(_commits, timeout), null, cancellationToken);

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
            (HorizonObservation observation, _commits) = await network.CallAsync("observe", () => ObserveAsync(tracker.Position, readAt), null, cancellationToken);
            tracker.Observe(observation);
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

    private async Task<(HorizonObservation Observation, long Commits)> ObserveAsync(long horizon, long readAt)
    {
        long commits = log.Commits.Value;
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

        return (new HorizonObservation(lastValue, holders, contiguousTo, readAt), commits);
    }

    // Notifications are hints: some are lost.
    private async Task<bool> WaitOnServerAsync(long commits, TimeSpan timeout)
    {
        if (network.World.Chance(0.05))
        {
            await Interruptible.DelayAsync(timeout, network.Server.Time, CancellationToken.None);
        }
        else
        {
            await log.Commits.WaitForOtherAsync(commits, timeout, network.Server.Time, CancellationToken.None);
        }

        return true;
    }
}
