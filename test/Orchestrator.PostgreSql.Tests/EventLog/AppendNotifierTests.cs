using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Support;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>A notification that cannot be sent costs a reader a poll interval, and is said.</summary>
public sealed class AppendNotifierTests : EventLogFixture
{
    [Test]
    public async Task Appended_SessionLost_SaysSoOnceAndWhenItIsBack()
    {
        using var loggers = new RecordingLoggers();
        await using var notifier = new AppendNotifier(Connections, Sql, TimeProvider.System, loggers.CreateLogger<AppendNotifier>());
        string schema = new NpgsqlConnectionStringBuilder(LogConnectionString).SearchPath!;
        NpgsqlConnection other = await OpenAsync();
        notifier.Appended();
        await Eventually.HoldsAsync(() => ScalarAsync<bool>(
            other, $"SELECT count(pg_terminate_backend(pid, 5000)) > 0 FROM pg_stat_activity WHERE application_name = 'orchestrator notifier' AND query LIKE '%{schema}%'"));
        await AppendUntilSaidAsync(notifier, loggers, 4002);
        await AppendUntilSaidAsync(notifier, loggers, 4004);

        Assert.That(loggers.With(4002).Single().Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(loggers.With(4004).Single().Message, Does.Contain("failures: 1,"));
    }

    private static Task AppendUntilSaidAsync(AppendNotifier notifier, RecordingLoggers loggers, int eventId) => Eventually.HoldsAsync(() =>
    {
        notifier.Appended();
        return Task.FromResult(loggers.With(eventId).Count > 0);
    });
}
