using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>Who waits for events is woken soon, and never for ever.</summary>
public sealed class EventLogWaitTests : EventLogFixture
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Test]
    public async Task WaitAsync_NothingHappens_EndsAtTheTimeout()
    {
        await ReadUntilQuietAsync();

        long start = TimeProvider.System.GetTimestamp();
        await Log.WaitAsync(0, TimeSpan.FromMilliseconds(100), CancellationToken.None);

        Assert.That(TimeProvider.System.GetElapsedTime(start), Is.GreaterThan(TimeSpan.FromMilliseconds(90)).And.LessThan(Deadline));
    }

    [Test]
    public async Task WaitAsync_Cancelled_Throws()
    {
        await ReadUntilQuietAsync();
        using var cancel = new CancellationTokenSource();
        Task wait = Log.WaitAsync(0, Long, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThatAsync(() => wait, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task ReadAsync_NothingAppendedSince_AsksTheSequenceAlone()
    {
        NpgsqlConnection other = await OpenAsync();
        long last = await InsertAsync(other, "a");
        await ReadAsync(last);
        await using NpgsqlTransaction locking = await other.BeginTransactionAsync();
        await ExecuteAsync(other, $"LOCK TABLE {Sql.Resolve("events")} IN ACCESS EXCLUSIVE MODE");

        Assert.That((await Log.ReadAsync(Request(last), CancellationToken.None).AsTask().WaitAsync(Deadline)).To, Is.EqualTo(last));
    }

    [Test]
    public async Task WaitAsync_AppendAnnouncedByAnotherProcess_Ends()
    {
        await ReadUntilQuietAsync();
        Task wait = Log.WaitAsync(0, Long, CancellationToken.None);
        await using var notifier = new AppendNotifier(Connections, Sql, TimeProvider.System, NullLogger<AppendNotifier>.Instance);

        notifier.Appended();

        await wait.WaitAsync(Deadline);
    }

    [Test]
    public async Task WaitAsync_AnnouncedBetweenReadAndWait_EndsAtOnce()
    {
        NpgsqlConnection writer = await OpenAsync();
        await ReadUntilQuietAsync();
        Task heard = Log.WaitAsync(0, Long, CancellationToken.None);
        await ExecuteAsync(writer, Sql["append_notify"]);
        await heard.WaitAsync(Deadline);

        Assert.That(Log.WaitAsync(0, Long, CancellationToken.None).IsCompleted, "no read has been sent since the hint");
    }

    [Test]
    public async Task WaitAsync_AnotherReaderSawAnEvent_Ends()
    {
        NpgsqlConnection writer = await OpenAsync();
        await ReadUntilQuietAsync();
        Task wait = Log.WaitAsync(0, Long, CancellationToken.None);

        await InsertAsync(writer);
        await ReadAsync();

        await wait.WaitAsync(Deadline);
        await Log.WaitAsync(0, Long, CancellationToken.None).WaitAsync(Deadline);
    }

    [Test]
    public async Task WaitAsync_OpenAppendHoldsTheHorizon_LooksAgainSoon()
    {
        NpgsqlConnection slow = await OpenAsync();
        NpgsqlConnection fast = await OpenAsync();
        await ReadUntilQuietAsync();
        await using NpgsqlTransaction open = await slow.BeginTransactionAsync();
        await InsertAsync(slow, "slow");
        await InsertAsync(fast, "fast");
        await ReadAsync();

        await Log.WaitAsync(0, Long, CancellationToken.None).WaitAsync(Deadline);
        await open.RollbackAsync();
    }

    [Test]
    public async Task WaitAsync_ListenerKilled_ListensAgain()
    {
        NpgsqlConnection admin = await OpenAsync();
        await ReadUntilQuietAsync();
        string listeners = $"SELECT array_agg(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN \"{await ScalarAsync<string>(admin, Sql["append_channel"])}\"%'";
        int killed = (await ScalarAsync<int[]>(admin, listeners)).Single();
        await ExecuteAsync(admin, $"SELECT pg_terminate_backend({killed})");

        await Eventually.HoldsAsync(async () => await ScalarAsync<object>(admin, listeners) is int[] pids && !pids.Contains(killed));
        await ReadUntilQuietAsync();
        Task wait = Log.WaitAsync(0, Long, CancellationToken.None);
        await ExecuteAsync(admin, Sql["append_notify"]);
        await wait.WaitAsync(Deadline);
    }

    [Test]
    public async Task Appended_ManyAppends_FewNotifications()
    {
        NpgsqlConnection listener = await OpenAsync();
        int heard = 0;
        listener.Notification += (_, _) => heard++;
        await ExecuteAsync(listener, $"LISTEN \"{await ScalarAsync<string>(listener, Sql["append_channel"])}\"");
        long start = TimeProvider.System.GetTimestamp();
        await using (var notifier = new AppendNotifier(Connections, Sql, TimeProvider.System, NullLogger<AppendNotifier>.Instance))
        {
            for (int i = 0; i < 2_000_000; i++)
            {
                notifier.Appended();
            }
        }

        double intervals = TimeProvider.System.GetElapsedTime(start) / TimeSpan.FromMilliseconds(10);
        await ExecuteAsync(listener, "SELECT 1");
        Assert.That(heard, Is.InRange(1, (int)intervals + 2));
    }

    [Test]
    public async Task Appended_NoServer_OnlyLogs()
    {
        await using var nowhere = new Connections.PostgreSqlConnections(new Configuration.PostgreSqlOptions { ConnectionString = "Host=127.0.0.1;Port=1;Timeout=1" }, TimeProvider.System);
        await using var notifier = new AppendNotifier(nowhere, Sql, TimeProvider.System, NullLogger<AppendNotifier>.Instance);

        Assert.That(notifier.Appended, Throws.Nothing);
    }

    /// <summary>Reads until the listener is there and its first hint has been taken into account, so that only what comes now can end a wait.</summary>
    private async Task ReadUntilQuietAsync()
    {
        NpgsqlConnection admin = await OpenAsync();
        string channel = await ScalarAsync<string>(admin, Sql["append_channel"]);
        await ReadAsync();
        await Log.WaitAsync(0, TimeSpan.Zero, CancellationToken.None);
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>(admin, $"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN \"{channel}\"%' AND state = 'idle'") == 1);
        await Eventually.HoldsAsync(async () =>
        {
            await ReadAsync();
            return !Log.WaitAsync(0, Long, CancellationToken.None).IsCompleted && Log.Horizon.Latest!.Hints > 0;
        });
    }
}
