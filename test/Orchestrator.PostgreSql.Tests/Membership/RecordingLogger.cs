using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.PostgreSql.Membership;

namespace Orchestrator.PostgreSql.Tests.Membership;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordingLogger : ILogger<PostgreSqlMembershipStore>
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Messages.Enqueue(formatter(state, exception));
}
