using Npgsql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>What is read from a connection string, and what is added to it.</summary>
internal static class ConnectionStrings
{
    /// <summary>The name of the database.</summary>
    public static string DatabaseOf(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return builder.Database ?? builder.Username ?? "";
    }

    /// <summary>For a session that is kept: unpooled, with our settings and a name.</summary>
    public static string SessionsOf(string connectionString, string applicationName) =>
        new NpgsqlConnectionStringBuilder(WithServerOptions(PlainSessionsOf(connectionString))) { ApplicationName = applicationName }.ConnectionString;

    /// <summary>For the same where nothing may be set: unpooled.</summary>
    public static string PlainSessionsOf(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Enlist = false };
        builder.TargetSessionAttributes = HasManyHosts(builder) ? "primary" : builder.TargetSessionAttributes;
        return builder.ConnectionString;
    }

    /// <summary>Whether there are several hosts. Of these only the primary will do: a standby knows no locks of open appends, and shows events late.</summary>
    public static bool HasManyHosts(NpgsqlConnectionStringBuilder builder) => builder.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>For batches through a proxy: it refuses settings that come with the connection, or passes them to whichever session it opens next, and a reset when a connection is given back would hit any session.</summary>
    public static string WithoutSessionState(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true }.ConnectionString;

    /// <summary>For pooled work: with our settings, and without Npgsql's reset at every use (<see cref="SessionReset"/>).</summary>
    public static string ForWork(string connectionString) => new NpgsqlConnectionStringBuilder(WithServerOptions(connectionString)) { NoResetOnClose = true }.ConnectionString;

    /// <summary>With our settings.</summary>
    public static string WithServerOptions(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = string.IsNullOrEmpty(builder.Options) ? SessionSettings.AsOptions : $"{SessionSettings.AsOptions} {builder.Options}";
        return builder.ConnectionString;
    }
}
