using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>The log as projections read it: pages up to the horizon, from the primary. One a process.</summary>
internal sealed class PostgreSqlEventLog : IEventLog, IAsyncDisposable, IDisposable
{
    // A horizon further away than a page may be used again for this long, unless the reader needs a newer one.
    private static readonly TimeSpan HorizonLife = TimeSpan.FromMilliseconds(100);

    // While an open append holds the horizon back, its end may come without a hint (a rollback, another writer): look again after a fraction of the time it has taken so far.
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);
    private const int LookFraction = 8;

    private readonly PostgreSqlConnections _connections;
    private readonly SqlCatalog _sql;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgreSqlEventLog> _logger;
    private readonly LogStatus? _status;
    private readonly AppendSignal _signal = new();
    private readonly HorizonAgent _horizon;
    private readonly AppendListener _listener;
    private readonly EventPageReader _pages;
    private long _lastEvent;

    public PostgreSqlEventLog(PostgreSqlConnections connections, SqlCatalog sql, LogHistory history, TimeProvider time, ILogger<PostgreSqlEventLog> logger, LogStatus? status = null)
    {
        _connections = connections;
        _sql = sql;
        _time = time;
        _logger = logger;
        _status = status;
        _horizon = new HorizonAgent(new HorizonSource(connections, sql, history), _signal, time, logger);
        _listener = new AppendListener(connections, sql, _signal, time, logger);
        _pages = new EventPageReader(connections, sql);
    }

    /// <summary>The horizon, and who holds it back.</summary>
    public HorizonAgent Horizon => _horizon;

    /// <inheritdoc/>
    /// <exception cref="EventLogRewoundException">The log has stepped back: this process must not read on.</exception>
    /// <exception cref="UnsafeEventLogException">The log cannot be read safely.</exception>
    public async ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        Horizon horizon = await HorizonForAsync(request, cancellationToken).ConfigureAwait(false);
        _status?.Observed(horizon.LastValue, horizon.HeldSince, horizon.Holder);
        if (horizon.Position <= request.From)
        {
            return new EventPage(request.From, request.From, request.Slots, [], [], horizon.ReadAt, 0);
        }

        EventPage page = await _pages.ReadAsync(request, horizon, cancellationToken).ConfigureAwait(false);
        _logger.ReadPage(page.Events.Count, page.From, page.To, page.Slots, request.MaxCount, horizon.Position);
        Passed(page.To);
        return page;
    }

    public async ValueTask<long> ReadEndAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = connection.Command(_sql["read_log_end"]);
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _listener.Start();
        Horizon? horizon = _horizon.Latest;
        if (horizon is not null && Math.Min(horizon.Position, Interlocked.Read(ref _lastEvent)) > position)
        {
            return Task.CompletedTask;
        }

        return WaitForHintAsync(horizon?.Hints ?? 0, LookAgainAfter(horizon, timeout), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _horizon.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same, for whoever disposes their services with a plain <c>using</c>.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task WaitForHintAsync(long hints, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // The signal itself never fails: what is suppressed is the timeout, and the cancellation, which the next line throws.
        await _signal.BeyondAsync(hints).WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task<Horizon> HorizonForAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        bool serves = _horizon.Latest is { } latest
            && latest.Position - request.From > request.MaxCount
            && latest.ReadAt >= request.ReadSince
            && _time.GetElapsedTime(latest.ReadAt) < HorizonLife;
        return serves ? Task.FromResult(_horizon.Latest!) : _horizon.ReadAsync(cancellationToken);
    }

    // Another reader of this process has seen an event: those who wait before it need not wait for a hint, which may have come and gone.
    private void Passed(long position)
    {
        long known = Interlocked.Read(ref _lastEvent);
        while (position > known)
        {
            long found = Interlocked.CompareExchange(ref _lastEvent, position, known);
            if (found == known)
            {
                _signal.Wake();
                return;
            }

            known = found;
        }
    }

    private TimeSpan LookAgainAfter(Horizon? horizon, TimeSpan timeout)
    {
        if (horizon?.HeldSince is not { } since)
        {
            return timeout;
        }

        TimeSpan look = TimeSpan.FromTicks(Math.Clamp(_time.GetElapsedTime(since).Ticks / LookFraction, ShortestLook.Ticks, LongestLook.Ticks));
        return timeout == Timeout.InfiniteTimeSpan || look < timeout ? look : timeout;
    }
}
