using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.ChaosTests.Proxy;

/// <summary>
/// A TCP proxy in front of a server, that knows as much of PostgreSQL's protocol as it takes to see a commit. What it does to its connections is said by <see cref="Weather"/>, <see cref="Cut"/> and
/// <see cref="CutOne"/>. Without TLS, which nobody could look into.
/// </summary>
internal sealed class PostgreSqlProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private PostgreSqlProxy(Socket listener, NpgsqlConnectionStringBuilder target)
    {
        _listener = listener;
        _target = new IPEndPoint(IPAddress.Parse(target.Host!), target.Port);
        ConnectionString = new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The way through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>What happens to what is sent.</summary>
    public Weather Weather { get; } = new();

    /// <summary>How many connections there are.</summary>
    public int Connections => _connections.Count;

    /// <summary>Starts one on a free port.</summary>
    /// <param name="target">The way to the server: an address, not a name.</param>
    public static PostgreSqlProxy Start(string target)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return new PostgreSqlProxy(listener, new NpgsqlConnectionStringBuilder(target));
    }

    /// <summary>Cuts every connection. New ones can be made at once.</summary>
    public void Cut()
    {
        foreach (ProxiedConnection connection in _connections.Keys)
        {
            connection.Cut();
        }
    }

    /// <summary>Cuts one connection, whichever.</summary>
    /// <returns>Whether there was one.</returns>
    public bool CutOne(Random random)
    {
        ProxiedConnection[] connections = [.. _connections.Keys];
        if (connections.Length == 0)
        {
            return false;
        }

        connections[random.Next(connections.Length)].Cut();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        Cut();
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The proxy is disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(_target, _stop.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The server is down, and so is the client's connection.
            server.Dispose();
            client.Dispose();
            return;
        }

        var connection = new ProxiedConnection(client, server, Weather);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = running.Task;
        if (_stop.IsCancellationRequested)
        {
            connection.Cut();
        }

        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
        running.SetResult();
    }
}
