using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.PostgreSql.Tests.EventStore;

/// <summary>
/// Stands between a client and PostgreSQL and counts the server's ReadyForQuery messages: the server sends one at the end of every exchange, so each is a round trip
/// (https://www.postgresql.org/docs/current/protocol-flow.html).
/// </summary>
internal sealed class RoundTripCounter : IAsyncDisposable
{
    private const byte ReadyForQuery = (byte)'Z';

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private int _count;

    public RoundTripCounter(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Count => Volatile.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient _ = client;
        using var server = new TcpClient();
        await server.ConnectAsync(_host, _port, _stop.Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task up = client.GetStream().CopyToAsync(server.GetStream(), end.Token);
        Task down = CopyAndCountAsync(server.GetStream(), client.GetStream(), end.Token);
        await Task.WhenAny(up, down);
        await end.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Every message of the server is a letter and a length, which counts itself but not the letter. (No encryption is asked for.)
    private async Task CopyAndCountAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        byte[] header = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(header, cancellationToken);
            byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body, cancellationToken);
            if (header[0] == ReadyForQuery)
            {
                Interlocked.Increment(ref _count);
            }

            await to.WriteAsync((byte[])[.. header, .. body], cancellationToken);
        }
    }
}
