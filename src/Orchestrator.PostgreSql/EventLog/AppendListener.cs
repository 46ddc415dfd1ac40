using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// Listens for appends, on a session of its own that never opens a transaction: a listener inside one would get nothing, and would keep the server's queue of notifications from being
/// emptied (https://www.postgresql.org/docs/current/sql-notify.html). After every connect it gives a hint of its own, since it may have missed some.
/// </summary>
internal sealed class AppendListener : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly PostgreSqlConnections _connections;
    private readonly SqlCatalog _sql;
    private readonly AppendSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task? _loop;

    public AppendListener(PostgreSqlConnections connections, SqlCatalog sql, AppendSignal signal, TimeProvider time, ILogger logger)
    {
        _connections = connections;
        _sql = sql;
        _signal = signal;
        _time = time;
        _logger = logger;
    }

    /// <summary>Begins to listen; the second call does nothing. Through a proxy that pools transactions nothing would be heard: readers poll.</summary>
    public void Start()
    {
        if (_connections.Proxies.SessionsAreShared)
        {
            return;
        }

        lock (_gate)
        {
            _loop ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await (_loop ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        TimeSpan delay = FirstDelay;
        var stall = new Stall(_time);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using KeptSession session = await ListenAsync(_stopping.Token).ConfigureAwait(false);
                delay = FirstDelay;
                if (stall.Ends() is { } over)
                {
                    _logger.ListenerBack(over.Failures, over.Lasted);
                }

                _signal.Hint();
                while (true)
                {
                    await session.Connection.WaitAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                LogLevel level = stall.Fails(exception);
                _logger.ListenerLost(level, exception, delay);
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<KeptSession> ListenAsync(CancellationToken cancellationToken)
    {
        KeptSession session = await _connections.OpenSessionAsync("orchestrator listener", cancellationToken).ConfigureAwait(false);
        try
        {
            session.Connection.Notification += (_, _) => _signal.Hint();
            await using var ask = new NpgsqlCommand(_sql["append_channel"], session.Connection);
            string channel = (string)(await ask.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            await using var listen = new NpgsqlCommand(_sql["append_listen"].Replace("orc_events", channel, StringComparison.Ordinal), session.Connection);
            await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
