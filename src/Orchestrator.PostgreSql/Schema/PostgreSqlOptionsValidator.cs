using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Hosting.Configuration;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Finds every fault of the options at once, each with the key's full path. Never shows a connection string: it may hold a password.</summary>
internal sealed partial class PostgreSqlOptionsValidator(
    PostgreSqlSection? configuration = null, PostgreSqlSource? source = null, IServiceProviderIsService? services = null) : IValidateOptions<PostgreSqlOptions>
{
    private const string Allowed = "Allowed: ^[a-z_][a-z0-9_]{0,62}$.";

    public ValidateOptionsResult Validate(string? name, PostgreSqlOptions options)
    {
        List<string> faults = [.. UnknownKeys(), .. ConnectionFaults(options), .. NameFaults(options)];
        if (faults.Count == 0)
        {
            // Only among valid names: what is derived from an invalid one says nothing.
            faults.AddRange(Clashes(options));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> UnknownKeys()
    {
        foreach (IConfigurationSection child in configuration?.Section?.GetChildren() ?? [])
        {
            string? known = PostgreSqlConfiguration.Keys.FirstOrDefault(key => key.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                yield return SettingChecks.Unknown(child.Path, child.Key, PostgreSqlConfiguration.Keys);
            }
            else if (known == nameof(PostgreSqlOptions.AggregateIdType) && !PostgreSqlConfiguration.TryReadIdType(child.Value, out _))
            {
                yield return $"{child.Path} is '{child.Value}'. Allowed: {string.Join(" or ", Enum.GetNames<AggregateIdType>())}.";
            }
            else if (known is nameof(PostgreSqlOptions.MigrateOnStart) or nameof(PostgreSqlOptions.AdoptExistingLog) && !bool.TryParse(child.Value, out _))
            {
                yield return $"{child.Path} is '{child.Value}'. Allowed: true or false.";
            }
        }
    }

    private IEnumerable<string> ConnectionFaults(PostgreSqlOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            if (MissingDatabase() is { } fault)
            {
                yield return fault;
            }
        }
        else if (!ConnectionStrings.IsValid(options.ConnectionString))
        {
            yield return $"{Path(nameof(options.ConnectionString))} is not an Npgsql connection string. Allowed: 'Host=...;Database=...;Username=...'.";
        }

        if (options.CoordinationConnectionString is { } coordination && !ConnectionStrings.IsValid(coordination))
        {
            yield return $"{Path(nameof(options.CoordinationConnectionString))} is not an Npgsql connection string. Allowed: one as of ConnectionString, or no value.";
        }
    }

    private string? MissingDatabase()
    {
        string key = Path(nameof(PostgreSqlOptions.ConnectionString));
        if (source is not { IsDataSource: true })
        {
            return $"{key} is missing. Give UsePostgreSql(...) an Npgsql connection string, as 'Host=...;Database=...;Username=...', or set the key. UsePostgreSql() without one takes the NpgsqlDataSource among the services.";
        }

        return services?.IsService(typeof(NpgsqlDataSource)) == true
            ? null
            : $"No NpgsqlDataSource is among the services, and {key} is missing. Register one (services.AddSingleton(NpgsqlDataSource.Create(...))), give UsePostgreSql(...) a connection string, or set the key.";
    }

    private static IEnumerable<string> NameFaults(PostgreSqlOptions options)
    {
        if (options.Schema is { } schema && !Name().IsMatch(schema))
        {
            yield return $"{Path(nameof(options.Schema))} is '{schema}'. {Allowed}";
        }

        if (!Enum.IsDefined(options.AggregateIdType))
        {
            yield return $"{Path(nameof(options.AggregateIdType))} is '{options.AggregateIdType}'. Allowed: {string.Join(" or ", Enum.GetNames<AggregateIdType>())}.";
        }

        foreach (TableOption table in TableOption.All.Where(table => !Name().IsMatch(table.Get(options) ?? "")))
        {
            yield return $"{Path(table.Key)} is '{table.Get(options)}'. {Allowed}";
        }

        foreach (IGrouping<string, TableOption> same in TableOption.All.GroupBy(table => table.Get(options), StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", same.Select(table => Path(table.Key)))} are both '{same.Key}'. Allowed: a name for each table.";
        }
    }

    // Tables and indexes share one name space; an index is named after its table.
    private static IEnumerable<string> Clashes(PostgreSqlOptions options)
    {
        var catalog = new SqlCatalog(options);
        return Migration.All.SelectMany(migration => SqlCatalog.NamesIn(migration.UpSql)).Distinct(StringComparer.Ordinal)
            .GroupBy(catalog.NameOf, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{PostgreSqlSection.Path}: the names make both {string.Join(" and ", group)} '{group.Key}'. Allowed: table names that are not another's name with an ending.");
    }

    private static string Path(string key) => $"{PostgreSqlSection.Path}:{key}";

    // \z, not $: that would let a line break at the end pass.
    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Name();
}
