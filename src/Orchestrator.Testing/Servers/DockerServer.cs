using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Orchestrator.Testing.Servers;

/// <summary>A container, through Docker's own command line.</summary>
internal sealed class DockerServer : IServerInstance
{
    private const string OwnerLabel = "orchestrator.testing.owner";

    private readonly string _docker;
    private readonly string _container;

    private DockerServer(string docker, string container, string connectionString, string image)
    {
        _docker = docker;
        _container = container;
        ConnectionString = connectionString;
        Description = $"a container of {image}";
    }

    public string ConnectionString { get; }

    public string Description { get; }

    public bool CanRestart => false;

    public int? ProcessId => null;

    /// <summary>The client alone is not enough: the daemon has to answer.</summary>
    public static async Task<bool> IsAvailableAsync(string docker, CancellationToken cancellationToken) =>
        (await Command.RunAsync(docker, ["info"], cancellationToken).ConfigureAwait(false)).Succeeded;

    public static async Task<DockerServer> StartAsync(string docker, PostgreSqlServerOptions options, CancellationToken cancellationToken)
    {
        await SweepAsync(docker, cancellationToken).ConfigureAwait(false);
        string password = RandomNumberGenerator.GetHexString(32);
        string container = (await DemandAsync(docker, RunArguments(options, password), cancellationToken).ConfigureAwait(false)).Trim();
        try
        {
            // For example 127.0.0.1:49153.
            string address = (await DemandAsync(docker, ["port", container, "5432/tcp"], cancellationToken).ConfigureAwait(false)).Split('\n')[0].Trim();
            var connection = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture),
                Username = "postgres",
                Password = password,
                Database = "postgres",
            };
            await WaitUntilReadyAsync(connection.ConnectionString, options.StartTimeout, cancellationToken).ConfigureAwait(false);
            return new DockerServer(docker, container, connection.ConnectionString, options.DockerImage);
        }
        catch
        {
            await Command.RunAsync(docker, ["rm", "-f", "-v", container], CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public Task RestartAsync(bool immediate, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A server in a container is not restarted: its port would change. Install PostgreSQL's programs to get a cluster that can be.");

    public async ValueTask DisposeAsync() => await Command.RunAsync(_docker, ["rm", "-f", "-v", _container], CancellationToken.None).ConfigureAwait(false);

    private static IEnumerable<string> RunArguments(PostgreSqlServerOptions options, string password) =>
    [
        "run", "--detach", "--rm", "--publish", "127.0.0.1::5432",
        "--label", $"{OwnerLabel}={Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}",
        "--env", $"POSTGRES_PASSWORD={password}",
        options.DockerImage,
        .. ClusterSettings.Common(options).Concat(options.Settings.Select(setting => (setting.Key, setting.Value)))
            .SelectMany(setting => new[] { "-c", $"{setting.Item1}={setting.Item2}" }),
    ];

    // Containers know nothing of their owner's end, so those whose owner is gone are removed here.
    private static async Task SweepAsync(string docker, CancellationToken cancellationToken)
    {
        string list = await DemandAsync(
            docker, ["ps", "--filter", $"label={OwnerLabel}", "--format", $"{{{{.ID}}}} {{{{.Label \"{OwnerLabel}\"}}}}"], cancellationToken).ConfigureAwait(false);
        foreach (string[] entry in list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')))
        {
            if (entry.Length == 2 && int.TryParse(entry[1], out int owner) && !IsAlive(owner))
            {
                await Command.RunAsync(docker, ["rm", "-f", "-v", entry[0]], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task<string> DemandAsync(string docker, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] all = [.. arguments];
        CommandResult result = await Command.RunAsync(docker, all, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw new PostgreSqlUnavailableException($"`docker {all[0]}` failed: {result.Everything}");
    }

    // The image starts the server once to prepare it and a second time to keep it; only the second takes connections from outside.
    private static async Task WaitUntilReadyAsync(string connectionString, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await Connection.TryAsync(connectionString, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException e)
            {
                if (time.GetElapsedTime(start) >= timeout)
                {
                    throw new PostgreSqlUnavailableException($"The container of PostgreSQL takes no connection after {timeout.TotalSeconds:0} s: {e.Message}", e);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
