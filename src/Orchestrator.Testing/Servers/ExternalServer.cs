using Npgsql;

namespace Orchestrator.Testing.Servers;

/// <summary>A server that somebody else runs: used, never restarted or stopped.</summary>
internal sealed class ExternalServer : IServerInstance
{
    private ExternalServer(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public string Description => $"the server in {PostgreSqlServer.ConnectionStringVariable}";

    public bool CanRestart => false;

    public int? ProcessId => null;

    public static async Task<ExternalServer> ConnectAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await Connection.TryAsync(connectionString, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            // The connection string may hold a password: it is not repeated here.
            throw new PostgreSqlUnavailableException(
                $"The connection string in {PostgreSqlServer.ConnectionStringVariable} does not work: {e.Message} Correct it, or unset it to let a server be found or started.", e);
        }

        return new ExternalServer(connectionString);
    }

    public Task RestartAsync(bool immediate, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The server in {PostgreSqlServer.ConnectionStringVariable} belongs to somebody else and is not restarted. Unset the variable to get one that can be.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
