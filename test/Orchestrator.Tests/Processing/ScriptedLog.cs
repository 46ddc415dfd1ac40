using Orchestrator.Hosting.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Processing;

/// <summary>A log that answers what a test says: by default pages of one event a position, up to its end.</summary>
internal sealed class ScriptedLog : IEventLog
{
    private readonly List<EventPageRequest> _requests = [];
    private readonly List<TimeSpan> _waits = [];

    public ScriptedLog() => OnRead = (request, _) => ValueTask.FromResult(Serve(request));

    public long End { get; set; }

    public long Now { get; set; }

    public Func<EventPageRequest, CancellationToken, ValueTask<EventPage>> OnRead { get; set; }

    public Func<CancellationToken, Task> OnWait { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<EventPageRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<TimeSpan> Waits => _waits;

    public ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }

        return OnRead(request, cancellationToken);
    }

    public ValueTask<long> ReadEndAsync(CancellationToken cancellationToken) => ValueTask.FromResult(End);

    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _waits.Add(timeout);
        return OnWait(cancellationToken);
    }

    public EventPage Serve(EventPageRequest request) =>
        TestEvents.Page(request.From, Math.Max(request.From, Math.Min(End, request.From + request.MaxCount)), readAt: Now, bytes: 100) with { Slots = request.Slots };
}
