using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Binds the options from <c>Orchestrator:PostgreSql</c>, over what code has set. Leaves what it cannot read to the validator, which reports everything at once.</summary>
internal sealed class PostgreSqlConfiguration(IConfiguration? section) : IConfigureOptions<PostgreSqlOptions>
{
    /// <summary>Where in the configuration the options are.</summary>
    public const string SectionPath = "Orchestrator:PostgreSql";

    /// <summary>Every key there is.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        nameof(PostgreSqlOptions.ConnectionString),
        nameof(PostgreSqlOptions.CoordinationConnectionString),
        nameof(PostgreSqlOptions.Schema),
        .. TableOption.All.Select(table => table.Key),
        nameof(PostgreSqlOptions.MigrateOnStart),
    ];

    public void Configure(PostgreSqlOptions options)
    {
        if (section is null)
        {
            return;
        }

        options.ConnectionString = section[nameof(options.ConnectionString)] ?? options.ConnectionString;
        options.CoordinationConnectionString = section[nameof(options.CoordinationConnectionString)] ?? options.CoordinationConnectionString;
        options.Schema = section[nameof(options.Schema)] ?? options.Schema;
        foreach (TableOption table in TableOption.All)
        {
            table.Set(options, section[table.Key] ?? table.Get(options));
        }

        if (bool.TryParse(section[nameof(options.MigrateOnStart)], out bool migrate))
        {
            options.MigrateOnStart = migrate;
        }
    }
}
