using System.CommandLine;
using System.Text.RegularExpressions;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.Cli.Connecting;

/// <summary>The names of schema and tables, and the type of an aggregate's id, as options of a command: the same as the application's <c>Orchestrator:PostgreSql</c>.</summary>
internal sealed partial class NameOptions
{
    private readonly Option<string?> _schema = new("--schema") { Description = "The schema of every table; migrating creates it when it is missing. Default: the first of the search path." };

    private readonly Dictionary<TableOption, Option<string>> _tables = TableOption.All.ToDictionary(table => table, table => new Option<string>(OptionName(table.Key))
    {
        Description = $"The name of the table '{table.DefaultName}'; in the application: Orchestrator:PostgreSql:{table.Key}.",
        DefaultValueFactory = _ => table.DefaultName,
    });

    private readonly Option<AggregateIdType> _idType = new("--aggregate-id-type")
    {
        Description = "The type of aggregate_id in the log; in the application: Orchestrator:PostgreSql:AggregateIdType.",
        DefaultValueFactory = _ => AggregateIdType.Text,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_schema);
        command.Options.Add(_idType);
        foreach (Option<string> table in _tables.Values)
        {
            command.Options.Add(table);
        }
    }

    /// <summary>The names that a command line gives.</summary>
    public PostgreSqlOptions Read(ParseResult line)
    {
        var options = new PostgreSqlOptions { ConnectionString = "Host=unused", Schema = line.GetValue(_schema), AggregateIdType = line.GetValue(_idType) };
        foreach ((TableOption table, Option<string> option) in _tables)
        {
            table.Set(options, line.GetValue(option)!);
        }

        return options;
    }

    /// <summary>Only what a command line says itself: the options' keys and values.</summary>
    public IEnumerable<(string Key, string? Value)> Given(ParseResult line)
    {
        if (IsGiven(line, _schema))
        {
            yield return (nameof(PostgreSqlOptions.Schema), line.GetValue(_schema));
        }

        if (IsGiven(line, _idType))
        {
            yield return (nameof(PostgreSqlOptions.AggregateIdType), line.GetValue(_idType).ToString());
        }

        foreach ((TableOption table, Option<string> option) in _tables.Where(table => IsGiven(line, table.Value)))
        {
            yield return (table.Key, line.GetValue(option));
        }
    }

    private static bool IsGiven(ParseResult line, Option option) => line.GetResult(option) is { Implicit: false };

    // EventsTable: --events-table.
    private static string OptionName(string key) => "--" + WordStart().Replace(key, "-$0").TrimStart('-').ToLowerInvariant();

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex WordStart();
}
