using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>An append that stays open costs no event, but an operator must learn who it is.</summary>
public sealed class HorizonHeldTests : EventLogFixture
{
    [Test]
    public async Task ReadAsync_HeldForLongerThanTenSeconds_NamesTheHolderOnceAMinute()
    {
        var time = new ShiftedTime();
        var warnings = new Warnings();
        await using PostgreSqlEventLog log = NewLog(time, warnings);
        NpgsqlConnection slow = await OpenAsync();
        NpgsqlConnection fast = await OpenAsync();
        await ExecuteAsync(slow, "SET application_name = 'forgotten console'");
        await using NpgsqlTransaction open = await slow.BeginTransactionAsync();
        await InsertAsync(slow, "slow");
        await InsertAsync(fast, "fast");

        foreach ((TimeSpan after, int expected) in new[] { (0.0, 0), (9, 0), (2, 1), (50, 1), (15, 2) }.Select(step => (TimeSpan.FromSeconds(step.Item1), step.Item2)))
        {
            time.Shift += after;
            await log.ReadAsync(Request(), CancellationToken.None);
            Assert.That(warnings.Messages, Has.Count.EqualTo(expected));
        }

        int pid = await ScalarAsync<int>(slow, "SELECT pg_backend_pid()");
        Assert.That(warnings.Messages.First(), Does.Contain($"pid {pid}").And.Contain("forgotten console").And.Contain("idle in transaction").And.Contain("INSERT INTO events"));
        Assert.That((await log.Horizon.ReadHoldersAsync(CancellationToken.None)).Select(holder => holder.ProcessId), Is.EqualTo(new int?[] { pid }));
        await open.RollbackAsync();
        Assert.That(await log.Horizon.ReadHoldersAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task ReadAsync_HeldAndThenReleased_SaysOnceThatItIsOver()
    {
        var time = new ShiftedTime();
        using var loggers = new RecordingLoggers();
        await using PostgreSqlEventLog log = NewLog(time, loggers.CreateLogger<PostgreSqlEventLog>());
        NpgsqlConnection slow = await OpenAsync();
        NpgsqlConnection fast = await OpenAsync();
        await using NpgsqlTransaction open = await slow.BeginTransactionAsync();
        await InsertAsync(slow, "slow");
        await InsertAsync(fast, "fast");
        await log.ReadAsync(Request(), CancellationToken.None);
        time.Shift += TimeSpan.FromSeconds(11);
        await log.ReadAsync(Request(), CancellationToken.None);
        Assert.That(loggers.With(4005), Is.Empty);
        await open.CommitAsync();
        await log.ReadAsync(Request(), CancellationToken.None);
        await log.ReadAsync(Request(from: 1), CancellationToken.None);

        Assert.That(loggers.With(4000), Has.Count.EqualTo(1));
        Assert.That(loggers.With(4005).Single().Message, Does.Contain("from position 2"));
        Assert.That(loggers.With(4006)[0].Message, Does.Contain("behind position 0 up to 2,").And.Contain("events: 2,"));
    }

    [Test]
    public async Task ReadAsync_ManyShortAppendsForLong_NoWarning()
    {
        var time = new ShiftedTime();
        var warnings = new Warnings();
        await using PostgreSqlEventLog log = NewLog(time, warnings);
        NpgsqlConnection writer = await OpenAsync();
        NpgsqlConnection fast = await OpenAsync();
        for (int i = 0; i < 6; i++)
        {
            await using NpgsqlTransaction open = await writer.BeginTransactionAsync();
            await InsertAsync(writer, "writer");
            await InsertAsync(fast, "fast");
            time.Shift += TimeSpan.FromSeconds(4);
            await log.ReadAsync(Request(), CancellationToken.None);
            await open.CommitAsync();
        }

        Assert.That(warnings.Messages, Is.Empty);
    }

    private sealed class Warnings : ILogger<PostgreSqlEventLog>
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Enqueue(formatter(state, exception));
            }
        }
    }
}
