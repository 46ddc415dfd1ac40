using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Where the application says that its database is: by a connection string, or by the data source in its services. Everything in one service provider works on one database.</summary>
internal sealed class PostgreSqlSource
{
    private const string WayOut = "One service provider works with one database: build a host of its own for each (several hosts can live in one process).";

    private string? _connectionString;
    private bool _named;

    /// <summary>Whether it is the data source in the services, where no connection string is configured.</summary>
    public bool IsDataSource { get; private set; }

    /// <summary>Remembers what a call says.</summary>
    /// <exception cref="InvalidOperationException">An earlier call said something else.</exception>
    public static void Record(IServiceCollection services, string? connectionString, bool isDataSource)
    {
        PostgreSqlSource? known = services.FirstOrDefault(descriptor => descriptor.ServiceType == typeof(PostgreSqlSource))?.ImplementationInstance as PostgreSqlSource;
        if (known is null)
        {
            services.AddSingleton(known = new PostgreSqlSource());
        }

        known.Record(connectionString, isDataSource);
    }

    private void Record(string? connectionString, bool isDataSource)
    {
        if (_named && isDataSource != IsDataSource)
        {
            throw new InvalidOperationException(
                $"UsePostgreSql(...) and AddPostgreSqlEventStore(...) were called with a connection string and without one. Give all of them the same, or none of them one. {WayOut}");
        }

        if (connectionString is not null && _connectionString is { } earlier && Describe(earlier) is var first && Describe(connectionString) is var second && first != second)
        {
            throw new InvalidOperationException($"UsePostgreSql(...) or AddPostgreSqlEventStore(...) was called for {first}, and again for {second}. {WayOut}");
        }

        _named = true;
        IsDataSource = isDataSource;
        _connectionString ??= connectionString;
    }

    // Two strings may differ in what is not the database: a pool's size, a password. What cannot be read is reported when the host starts, and may hold a password.
    private static string Describe(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the database '{builder.Database ?? builder.Username}' at {builder.Host}:{builder.Port}");
        }
        catch (ArgumentException)
        {
            return "a connection string that cannot be read";
        }
    }
}
