using Npgsql;

namespace Orchestrator.PostgreSql.Connections;

/// <summary>What is read from a connection string, and what is added to it.</summary>
internal static class ConnectionStrings
{
    // Npgsql looks through all of them for the one to give up.
    private const int PreparedStatements = 100;

    /// <summary>Whether a text is a connection string that names a host. What is wrong with one that is not must not be told in Npgsql's words: they may repeat a part of it.</summary>
    public static bool IsValid(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

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

    /// <summary>For statements of our own, which leave nothing in a session: with our settings, and without Npgsql's reset at every use, which costs the server as much as an append of one event does.</summary>
    public static string ForOwnStatements(string connectionString) => new NpgsqlConnectionStringBuilder(WithServerOptions(connectionString)) { NoResetOnClose = true }.ConnectionString;

    /// <summary>
    /// For batches: with our settings, and statements that come twice are prepared, the fence's as well as those that handlers enqueue. The least used give way, so that what a handler makes up as it goes does
    /// not fill the server. A connection string that says something about this itself is obeyed.
    /// </summary>
    public static string ForBatches(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(WithServerOptions(connectionString));
        if (!builder.ShouldSerialize("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = PreparedStatements;
            builder.AutoPrepareMinUsages = 2;
        }

        return builder.ConnectionString;
    }

    /// <summary>With our settings.</summary>
    public static string WithServerOptions(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = string.IsNullOrEmpty(builder.Options) ? SessionSettings.AsOptions : $"{SessionSettings.AsOptions} {builder.Options}";
        return builder.ConnectionString;
    }
}
