using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.Testing.Shared;

/// <summary>A PgBouncer of the test's own in front of a server.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"];

    /// <summary>A setting: each transaction gets another session of the server.</summary>
    public const string Transactions = "pool_mode = transaction";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PgBouncer(DirectoryInfo folder, Process process, string connectionString)
    {
        _folder = folder;
        _process = process;
        ConnectionString = connectionString;
    }

    /// <summary>Whether the program is on this machine.</summary>
    public static bool IsInstalled => FindProgram() is not null;

    /// <summary>The way through the proxy.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts one; without the program the calling test is skipped, or fails where PostgreSQL is required.</summary>
    /// <param name="target">The way to the server.</param>
    /// <param name="settings">Lines of its configuration: pool_mode and others.</param>
    public static async Task<PgBouncer> StartAsync(string target, params string[] settings)
    {
        string? program = FindProgram();
        if (program is null)
        {
            SharedPostgreSql.SkipOrFail("PgBouncer is not installed (Debian's package: pgbouncer); PostgreSQL behind a proxy is not tested.");
        }

        var server = new NpgsqlConnectionStringBuilder(target);
        int port = FreePort();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pgbouncer");
        string file = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(file, string.Join('\n', [
            "[databases]",
            string.Create(CultureInfo.InvariantCulture, $"* = host={server.Host} port={server.Port} user={server.Username} password='{server.Password}'"),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"listen_port = {port}"),
            "unix_socket_dir =",
            "auth_type = any",
            .. settings,
            ""]));
        Process process = Start(program!, folder, file);
        string connectionString = new NpgsqlConnectionStringBuilder(target) { Host = "127.0.0.1", Port = port, Password = null }.ConnectionString;
        var bouncer = new PgBouncer(folder, process, connectionString);
        await Eventually.HoldsAsync(() => AnswersAsync(port), "PgBouncer listens");
        return bouncer;
    }

    /// <summary>Ends it as kill -9 does. To the server it looks as if every process that came through it had been killed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Freezes it, and with it, as the server sees it, every process that comes through it.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        NpgsqlConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.That(kill.ExitCode, Is.Zero, $"kill -{signal}");
    }

    private static string? FindProgram() => Array.Find([.. Folders.Select(folder => Path.Combine(folder, "pgbouncer"))], File.Exists);

    // It refuses to run as root, and changes to another account by itself.
    private static Process Start(string program, DirectoryInfo folder, string file)
    {
        string[] account = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            File.SetUnixFileMode(file, readable);
            File.SetUnixFileMode(folder.FullName, readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return Process.Start(new ProcessStartInfo(program, ["-q", .. account, file]) { UseShellExecute = false })!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
