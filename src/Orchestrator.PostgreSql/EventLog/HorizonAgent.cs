using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// Finds the horizon for all readers of the log in this process, over one session. Callers share queries: at any time at most one is on its way, and one more waits for its turn
/// for everyone who has asked since, because an answer to a query that was sent before the question may be too old for it.
/// </summary>
internal sealed class HorizonAgent : IAsyncDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);

    private readonly HorizonSource _source;
    private readonly AppendSignal _signal;
    private readonly TimeProvider _time;
    private readonly HolderWatch _holders;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task<Horizon>? _queued;
    private volatile Horizon? _latest;

    // Owned by whoever has the turn.
    private HorizonSession? _session;
    private long _checkedAt;
    private HorizonTracker? _tracker;

    public HorizonAgent(HorizonSource source, AppendSignal signal, TimeProvider time, ILogger logger)
    {
        _source = source;
        _signal = signal;
        _time = time;
        _holders = new HolderWatch(time, logger);
    }

    /// <summary>The newest horizon of the session that is open now, or null.</summary>
    public Horizon? Latest => _latest;

    /// <summary>Asks for the horizon, with a query that is sent after this call.</summary>
    /// <exception cref="EventLogRewoundException">The log has stepped back while it was read, and every call fails from then on; or a checkpoint is ahead of it, until that is mended.</exception>
    /// <exception cref="UnsafeEventLogException">The log cannot be read safely; every call fails until that is mended.</exception>
    public Task<Horizon> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _queued ??= RunAsync();
            return _queued.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Who holds the horizon back now, the oldest first.</summary>
    public async Task<IReadOnlyList<HorizonHolder>> ReadHoldersAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await (await SessionAsync().ConfigureAwait(false)).ReadHoldersAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch
        {
            await ForgetAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await ForgetAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private async Task<Horizon> RunAsync()
    {
        // Never on the caller's stack: it holds the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _turn.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                _queued = null;
            }

            Horizon horizon = await ObserveAsync().ConfigureAwait(false);
            return await _holders.NameAsync(horizon, _session!, _stopping.Token).ConfigureAwait(false);
        }
        catch
        {
            await ForgetAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Horizon> ObserveAsync()
    {
        _source.History.ThrowIfRewound();
        while (true)
        {
            HorizonSession session = await SessionAsync().ConfigureAwait(false);
            HorizonTracker tracker = _tracker ??= new HorizonTracker(session.GreatestCheckpoint);
            long hints = _signal.Hints;
            long readAt = _time.GetTimestamp();
            if (_latest is { IsAtEnd: true } end && end.Hints == hints && await session.StillEndsAtAsync(end.LastValue, _stopping.Token).ConfigureAwait(false))
            {
                return _latest = end with { ReadAt = readAt };
            }

            readAt = _time.GetTimestamp();
            if (await session.ObserveAsync(tracker.Position, readAt, _stopping.Token).ConfigureAwait(false) is { } observation)
            {
                Take(tracker, observation);
                return _latest = new Horizon(tracker.Position, observation.LastValue, readAt, tracker.HeldSince, hints);
            }

            // One of the server's sessions has answered for the first time. This process knows it from now on, so this comes to an end.
            await ForgetAsync().ConfigureAwait(false);
        }
    }

    private void Take(HorizonTracker tracker, HorizonObservation observation)
    {
        try
        {
            tracker.Observe(observation);
        }
        catch (EventLogRewoundException exception)
        {
            // A new session would start from the checkpoints, but pages read before may still be about: this process is over, an operator decides.
            _source.History.Rewound(exception);
            throw;
        }
    }

    // A session is checked when it opens, and then now and then; one that fails is forgotten, so that the next call checks again.
    private async Task<HorizonSession> SessionAsync()
    {
        long now = _time.GetTimestamp();
        if (_session is null)
        {
            _session = await HorizonSession.OpenAsync(_source, now, _stopping.Token).ConfigureAwait(false);
            _checkedAt = now;
        }
        else if (_time.GetElapsedTime(_checkedAt, now) >= CheckEvery)
        {
            await _session.CheckAsync(_stopping.Token).ConfigureAwait(false);
            _checkedAt = now;
        }

        return _session;
    }

    // What a lost session knew is worth nothing: after a server crash, positions whose appends were lost are given again.
    private async Task ForgetAsync()
    {
        _latest = null;
        _tracker = null;
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
