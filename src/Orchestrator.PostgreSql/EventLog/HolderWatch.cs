using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.Diagnostics;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Finds out who holds the horizon back, once it has been held for a while, for health and for the log. Appends that come and go cost nothing. One owner.</summary>
internal sealed class HolderWatch(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan NameAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NameEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(1);

    private IReadOnlyList<HorizonHolder> _holders = [];
    private long? _namedAt;
    private long? _namedFor;
    private long? _warnedAt;

    /// <summary>Adds the holder to a horizon, and warns of it in time.</summary>
    /// <param name="horizon">The newest horizon.</param>
    /// <param name="session">Where to ask.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Horizon> NameAsync(Horizon horizon, HorizonSession session, CancellationToken cancellationToken)
    {
        if (horizon.HeldSince is not { } since)
        {
            Release(horizon);
            return horizon;
        }

        long now = time.GetTimestamp();
        TimeSpan held = time.GetElapsedTime(since, now);
        if (held < NameAfter)
        {
            return horizon;
        }

        bool warn = held >= WarnAfter && IsDue(_warnedAt, WarnEvery, now);
        if (warn || _namedFor != since || IsDue(_namedAt, NameEvery, now))
        {
            _holders = await session.ReadHoldersAsync(cancellationToken).ConfigureAwait(false);
            (_namedAt, _namedFor) = (now, since);
        }

        if (warn && _holders is [var holder, ..])
        {
            _warnedAt = now;
            Warn(horizon, held, holder);
        }

        return horizon with { Holder = _holders.Count > 0 ? _holders[0] : null };
    }

    private bool IsDue(long? last, TimeSpan interval, long now) => last is not { } at || time.GetElapsedTime(at, now) >= interval;

    private void Release(Horizon horizon)
    {
        _namedFor = null;
        if (_warnedAt is not null)
        {
            _warnedAt = null;
            logger.HorizonReleased(horizon.Position);
        }
    }

    private void Warn(Horizon horizon, TimeSpan held, HorizonHolder holder) => logger.HorizonHeld(
        horizon.Position, horizon.LastValue, held, holder.ProcessId, holder.PreparedTransaction, holder.ApplicationName, holder.UserName, holder.ClientAddress, holder.Age, holder.State,
        holder.LastStatement, _holders.Count - 1, holder.EndStatement);
}
