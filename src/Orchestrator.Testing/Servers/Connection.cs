using Npgsql;

namespace Orchestrator.Testing.Servers;

/// <summary>Short visits to a server, outside any pool: a pooled connection would outlive a restart, and keep a database from being dropped.</summary>
internal static class Connection
{
    public static Task TryAsync(string connectionString, CancellationToken cancellationToken) => ExecuteAsync(connectionString, "SELECT", cancellationToken);

    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var command = new NpgsqlCommand(sql, connection);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
