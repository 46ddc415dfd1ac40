using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Diagnostics;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.EventStore;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// Tells every process's readers of this process's appends: at once after a quiet time, and then at most once an interval, however many appends there are. A notification in each append
/// would serialise their commits; this one has a session of its own. One that fails is lost, which costs a reader a poll interval.
/// </summary>
internal sealed class AppendNotifier : IAppendNotifier, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(1);

    private readonly PostgreSqlConnections _connections;
    private readonly SqlCatalog _sql;
    private readonly TimeProvider _time;
    private readonly ILogger<AppendNotifier> _logger;
    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _loop;
    private readonly Stall _stall;
    private KeptSession? _session;

    public AppendNotifier(PostgreSqlConnections connections, SqlCatalog sql, TimeProvider time, ILogger<AppendNotifier> logger)
    {
        _connections = connections;
        _sql = sql;
        _time = time;
        _logger = logger;
        _stall = new Stall(time);
        _loop = new Lazy<Task>(() => Task.Run(RunAsync));
    }

    public void Appended()
    {
        if (_appended.Writer.TryWrite(true))
        {
            _ = _loop.Value;
        }
    }

    /// <summary>Sends what is due, so that a process that appends and ends is heard of, but does not wait long for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _appended.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            _stopping.CancelAfter(LongestStop);
            await _loop.Value.ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    /// <summary>The same, for whoever disposes their services with a plain <c>using</c>.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task RunAsync()
    {
        // The first append's, which is over long before this loop is.
        Activity.Current = null;
        while (await _appended.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            _appended.Reader.TryRead(out _);
            await NotifyAsync().ConfigureAwait(false);
            if (!_appended.Reader.Completion.IsCompleted)
            {
                await Task.Delay(Interval, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async Task NotifyAsync()
    {
        try
        {
            _session ??= await _connections.OpenSessionAsync("orchestrator notifier", _stopping.Token).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(_sql["append_notify"], _session.Connection);
            await command.ExecuteNonQueryAsync(_stopping.Token).ConfigureAwait(false);
            if (_stall.Ends() is { } over)
            {
                _logger.NotificationsBack(over.Failures, over.Lasted);
            }
        }
        catch (Exception exception)
        {
            // At the end the time for it is short, and what is not sent is noticed at the next poll.
            LogLevel level = _stall.Fails(exception, _stopping.IsCancellationRequested ? LogLevel.Debug : LogLevel.Warning);
            _logger.NotificationLost(level, exception, _stall.Failures);
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
