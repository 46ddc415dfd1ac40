using System.Net.Sockets;

namespace Orchestrator.ChaosTests.Proxy;

/// <summary>One client's connection through the proxy: two sockets, and two pumps between them.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server, Weather weather)
{
    private const int BufferSize = 64 * 1024;

    private readonly CancellationTokenSource _cut = new();

    /// <summary>Pumps until either side, or <see cref="Cut"/>, ends it.</summary>
    public async Task RunAsync()
    {
        using (_cut)
        using (client)
        using (server)
        {
            client.NoDelay = server.NoDelay = true;
            Task[] pumps = [PumpAsync(client, server, Direction.ToServer), PumpAsync(server, client, Direction.ToClient)];
            await Task.WhenAny(pumps);
            await _cut.CancelAsync();
            await Task.WhenAll(pumps);
        }
    }

    /// <summary>Ends it at once, as a lost network does: both sides see it reset.</summary>
    public void Cut()
    {
        try
        {
            client.LingerState = server.LingerState = new LingerOption(enable: true, seconds: 0);
            _cut.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // It has just ended by itself.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Direction direction)
    {
        byte[] buffer = new byte[BufferSize];
        var watch = new CommitWatch(direction, weather);
        try
        {
            while (await from.ReceiveAsync(buffer, _cut.Token) is > 0 and var read)
            {
                await weather.PassAsync(direction, _cut.Token);
                (int passes, CommitTrap? trap) = watch.Look(buffer.AsSpan(0, read));
                for (int sent = 0; sent < passes;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, passes - sent), _cut.Token);
                }

                if (trap is not null)
                {
                    Fall(trap);
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, or the connection was cut: the other pump ends too.
        }
    }

    private void Fall(CommitTrap trap)
    {
        if (trap.Where == CommitCut.AfterAnswer)
        {
            // Without a reset, which may take away what the client has not read yet: the trap is there for the client that knows.
            _cut.Cancel();
        }
        else
        {
            Cut();
        }

        trap.Strike();
    }
}
