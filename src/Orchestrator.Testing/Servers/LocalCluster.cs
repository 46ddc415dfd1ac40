using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Orchestrator.Testing.Servers;

/// <summary>A throw-away cluster in a temporary folder, made with PostgreSQL's own programs.</summary>
internal sealed class LocalCluster : IServerInstance
{
    private const int StartAttempts = 3;

    private readonly ClusterFolder _folder;
    private readonly Watchdog _watchdog;
    private bool _disposed;

    private LocalCluster(ClusterFolder folder, Watchdog watchdog, string connectionString, PostgreSqlPrograms programs)
    {
        _folder = folder;
        _watchdog = watchdog;
        ConnectionString = connectionString;
        Description = $"a throw-away cluster of PostgreSQL {programs.Version} from {programs.Folder}";
    }

    public string ConnectionString { get; }

    public string Description { get; }

    public bool CanRestart => true;

    /// <summary>The first line of <c>postmaster.pid</c> (https://www.postgresql.org/docs/current/storage-file-layout.html).</summary>
    public int? ProcessId => int.Parse(File.ReadLines(Path.Combine(_folder.Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>The folder that is deleted in the end.</summary>
    public string FolderPath => _folder.Path;

    public static async Task<LocalCluster> StartAsync(PostgreSqlPrograms programs, PostgreSqlServerOptions options, CancellationToken cancellationToken)
    {
        Account account = await Account.ChooseAsync(cancellationToken).ConfigureAwait(false);
        await ClusterFolder.SweepAsync(programs, account, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(programs, account, options, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgreSqlUnavailableException e) when (attempt < StartAttempts && e.Message.Contains("could not bind", StringComparison.Ordinal))
            {
                // Somebody took the free port between our look and the server's start: look again.
            }
        }
    }

    public async Task RestartAsync(bool immediate, CancellationToken cancellationToken)
    {
        if (!await _watchdog.RestartAsync(immediate, cancellationToken).ConfigureAwait(false))
        {
            throw new PostgreSqlUnavailableException($"PostgreSQL did not start again. The end of its log:\n{LogTail(_folder)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _watchdog.DisposeAsync().ConfigureAwait(false);
            _folder.Dispose();
        }
    }

    private static async Task<LocalCluster> StartOnceAsync(
        PostgreSqlPrograms programs, Account account, PostgreSqlServerOptions options, CancellationToken cancellationToken)
    {
        ClusterFolder folder = await ClusterFolder.CreateAsync(account, cancellationToken).ConfigureAwait(false);
        Watchdog? watchdog = null;
        try
        {
            string password = RandomNumberGenerator.GetHexString(32);
            int port = FreePort();
            await InitialiseAsync(programs, account, folder, password, cancellationToken).ConfigureAwait(false);
            await ConfigureAsync(account, folder, ClusterSettings.For(options, port), cancellationToken).ConfigureAwait(false);
            watchdog = Watchdog.Start(folder, programs, account, options.StartTimeout);
            if (!await watchdog.AnswerAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new PostgreSqlUnavailableException($"PostgreSQL from {programs.Folder} did not start. The end of its log:\n{LogTail(folder)}");
            }

            var connection = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = "postgres", Password = password, Database = "postgres" };
            return new LocalCluster(folder, watchdog, connection.ConnectionString, programs);
        }
        catch
        {
            if (watchdog is not null)
            {
                await watchdog.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                await account.RunAsync("rm", ["-rf", folder.Path], CancellationToken.None).ConfigureAwait(false);
            }

            folder.Dispose();
            throw;
        }
    }

    // A password, because other accounts of this machine can reach the port; in clear text, because a connection then costs no key derivation.
    private static async Task InitialiseAsync(
        PostgreSqlPrograms programs, Account account, ClusterFolder folder, string password, CancellationToken cancellationToken)
    {
        CommandResult result = await account.RunAsync(
            "/bin/sh",
            [
                "-c", "umask 077 && cd \"$1\" && printf '%s' \"$3\" > password && \"$2\" -D data -U postgres -E UTF8 --locale=C --auth=password --pwfile=password --no-sync && rm password",
                "initdb", folder.Path, programs.InitDb, password,
            ],
            cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new PostgreSqlUnavailableException($"initdb from {programs.Folder} failed:\n{result.Everything}");
        }
    }

    private static async Task ConfigureAsync(Account account, ClusterFolder folder, string settings, CancellationToken cancellationToken)
    {
        CommandResult result = await account.RunAsync(
            "/bin/sh", ["-c", "printf '%s' \"$2\" >> \"$1/postgresql.conf\"", "configure", folder.Data, settings], cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new PostgreSqlUnavailableException($"The settings of the new cluster could not be written: {result.Everything}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string LogTail(ClusterFolder folder) =>
        File.Exists(folder.Log) ? string.Join('\n', File.ReadLines(folder.Log).TakeLast(20)) : "(there is none)";
}
