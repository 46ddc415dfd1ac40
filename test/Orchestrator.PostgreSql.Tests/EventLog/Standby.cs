using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orchestrator.Testing;
using Orchestrator.Testing.Servers;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>A hot standby of a throw-away cluster, in a folder of its own (https://www.postgresql.org/docs/current/warm-standby.html). It is stopped and deleted as its primary is.</summary>
internal sealed class Standby : IAsyncDisposable
{
    private readonly ClusterFolder _folder;
    private readonly Watchdog _watchdog;

    private Standby(ClusterFolder folder, Watchdog watchdog, string connectionString)
    {
        _folder = folder;
        _watchdog = watchdog;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public static async Task<Standby> StartAsync(PostgreSqlPrograms programs, LocalCluster primary)
    {
        Account account = await Account.ChooseAsync(CancellationToken.None);
        ClusterFolder folder = await ClusterFolder.CreateAsync(account, CancellationToken.None);
        var connection = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        int port = FreePort();

        // --write-recovery-conf leaves standby.signal and the way to the primary.
        CommandResult copied = await account.RunAsync(
            "/bin/sh",
            [
                "-c", "\"$1\" -D \"$2\" -d \"$3\" --checkpoint=fast --wal-method=stream --write-recovery-conf --no-sync && printf \"port = %s\\n\" \"$4\" >> \"$2/postgresql.conf\"", "basebackup",
                Path.Combine(programs.Folder, "pg_basebackup"), folder.Data,
                $"host={connection.Host} port={connection.Port} user={connection.Username} password={connection.Password}", port.ToString(CultureInfo.InvariantCulture),
            ],
            CancellationToken.None);
        var watchdog = Watchdog.Start(folder, programs, account, TimeSpan.FromSeconds(60));
        var standby = new Standby(folder, watchdog, new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = port }.ConnectionString);
        if (!await watchdog.AnswerAsync(CancellationToken.None))
        {
            string log = File.Exists(folder.Log) ? await File.ReadAllTextAsync(folder.Log) : "";
            await standby.DisposeAsync();
            throw new PostgreSqlUnavailableException($"The standby did not start. {copied.Everything}\n{log}");
        }

        await Eventually.HoldsAsync(standby.AnswersAsync);
        return standby;
    }

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        _folder.Dispose();
    }

    // pg_ctl is content with a standby that does not take connections yet.
    private async Task<bool> AnswersAsync()
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
