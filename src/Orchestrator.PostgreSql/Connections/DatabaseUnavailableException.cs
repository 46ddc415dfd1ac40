using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>No connection could be opened. The message says to where, as whom, why, and what to look at; never a password.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception innerException) : NpgsqlException(message, innerException)
{
    public override string? SqlState => (InnerException as DbException)?.SqlState;

    /// <summary>Whether an exception is of the kind that opening a connection brings.</summary>
    public static bool IsMeantFor(Exception exception) => exception is NpgsqlException or SocketException or TimeoutException;

    /// <summary>Whether a proxy has refused a setting that came with the connection.</summary>
    public static bool IsRefusalOfSettings(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.ProtocolViolation && exception.MessageText.Contains("startup parameter", StringComparison.Ordinal);

    /// <summary>Explains why a connection could not be opened.</summary>
    /// <param name="source">Where the connection string stands, in words.</param>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="exception">What came of opening it.</param>
    public static DatabaseUnavailableException Of(string source, string connectionString, Exception exception)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        string reason = exception is PostgresException error ? $"{error.SqlState}: {error.MessageText}" : Innermost(exception).Message;
        return new DatabaseUnavailableException(
            $"Cannot connect to the database '{builder.Database ?? builder.Username}' at {builder.Host}:{builder.Port} as user '{builder.Username}': {reason}. {WayOut(exception, source)}", exception);
    }

    private static string WayOut(Exception exception, string source) => (exception as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => $"Check user and password in {source}, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"Create the database, or name another in {source}.",
        PostgresErrorCodes.InsufficientPrivilege => "Grant the user CONNECT on the database.",
        PostgresErrorCodes.TooManyConnections => "Raise the server's max_connections, or make the pools of its clients smaller (Maximum Pool Size).",
        PostgresErrorCodes.ProtocolViolation when IsRefusalOfSettings((PostgresException)exception) =>
            $"A proxy such as PgBouncer stands in between, and takes no such setting. Leave it out of {source}: name the schema by Orchestrator:PostgreSql:Schema instead of a search path.",
        PostgresErrorCodes.CannotConnectNow => "The server takes connections when it has started.",
        _ => $"Check that the server runs and can be reached from here, and {source}.",
    };

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
