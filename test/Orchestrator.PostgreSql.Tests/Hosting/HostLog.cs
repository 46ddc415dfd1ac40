using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Keeps what a host logs.</summary>
internal sealed class HostLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int EventId, string Message, Exception? Exception)> _entries = new();

    /// <summary>The messages with an id, each with its exception.</summary>
    public IReadOnlyList<(string Message, Exception? Exception)> With(int eventId) => [.. _entries.Where(entry => entry.EventId == eventId).Select(entry => (entry.Message, entry.Exception))];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((eventId.Id, formatter(state, exception), exception));

    public void Dispose()
    {
        // What was logged is read behind the host's end.
    }
}
