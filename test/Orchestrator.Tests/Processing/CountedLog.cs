using Orchestrator.Hosting.Processing;

namespace Orchestrator.Tests.Processing;

/// <summary>Counts how often somebody waits for more events; fails where a test says so.</summary>
internal sealed class CountedLog(IEventLog inner) : IEventLog
{
    private int _waits;

    public int Waits => Volatile.Read(ref _waits);

    public Action BeforeRead { get; set; } = () => { };

    public ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken)
    {
        BeforeRead();
        return inner.ReadAsync(request, cancellationToken);
    }

    public ValueTask<long> ReadEndAsync(CancellationToken cancellationToken) => inner.ReadEndAsync(cancellationToken);

    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waits);
        return inner.WaitAsync(position, timeout, cancellationToken);
    }
}
