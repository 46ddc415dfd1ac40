using Microsoft.Extensions.Options;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Binds the options from <c>Orchestrator:PostgreSql</c>, over what code has set. Leaves what it cannot read to the validator, which reports everything at once.</summary>
internal sealed class PostgreSqlConfiguration(PostgreSqlSection configuration) : IPostConfigureOptions<PostgreSqlOptions>
{
    /// <summary>Every key there is.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        nameof(PostgreSqlOptions.ConnectionString),
        nameof(PostgreSqlOptions.CoordinationConnectionString),
        nameof(PostgreSqlOptions.Schema),
        .. TableOption.All.Select(table => table.Key),
        nameof(PostgreSqlOptions.AggregateIdType),
        nameof(PostgreSqlOptions.AdoptExistingLog),
        nameof(PostgreSqlOptions.MigrateOnStart),
    ];

    /// <summary>Reads a value of <see cref="PostgreSqlOptions.AggregateIdType"/>: a name, and no number.</summary>
    public static bool TryReadIdType(string? text, out AggregateIdType type)
    {
        type = AggregateIdType.Text;
        return text is not null && Enum.GetNames<AggregateIdType>().Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(text, ignoreCase: true, out type);
    }

    public void PostConfigure(string? name, PostgreSqlOptions options)
    {
        if (configuration.Section is not { } section)
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

        if (TryReadIdType(section[nameof(options.AggregateIdType)], out AggregateIdType idType))
        {
            options.AggregateIdType = idType;
        }

        if (bool.TryParse(section[nameof(options.AdoptExistingLog)], out bool adopt))
        {
            options.AdoptExistingLog = adopt;
        }

        if (bool.TryParse(section[nameof(options.MigrateOnStart)], out bool migrate))
        {
            options.MigrateOnStart = migrate;
        }
    }
}
