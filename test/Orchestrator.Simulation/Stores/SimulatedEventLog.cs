using Orchestrator.Hosting.Processing;

namespace Orchestrator.Simulation.Stores;

/// <summary>One process's way to the log, over the network.</summary>
internal sealed class SimulatedEventLog(IEventLog inner, SimulatedNetwork network) : IEventLog
{
    public async ValueTask<EventPage> ReadAsync(EventPageRequest request, CancellationToken cancellationToken) =>
        await network.CallAsync("read page", async () => await inner.ReadAsync(request, CancellationToken.None), null, cancellationToken);

    public async ValueTask<long> ReadEndAsync(CancellationToken cancellationToken) =>
        await network.CallAsync("read end of log", async () => await inner.ReadEndAsync(CancellationToken.None), null, cancellationToken);

    public Task WaitAsync(long position, TimeSpan timeout, CancellationToken cancellationToken) =>
        network.CallAsync("wait for events", () => WaitOnServerAsync(position, timeout), null, cancellationToken);

    private async Task<bool> WaitOnServerAsync(long position, TimeSpan timeout)
    {
        await inner.WaitAsync(position, timeout, CancellationToken.None);
        return true;
    }
}
