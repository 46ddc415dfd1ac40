using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Sql;

/// <summary>
/// The statements, each from an embedded <c>.sql</c> file that runs in psql as it stands. Names in double quotes are the default names of our own tables, functions and indexes;
/// they are replaced by the configured ones, schema included. <c>"text"</c> in double quotes is the type of an aggregate's id.
/// </summary>
internal sealed partial class SqlCatalog
{
    private const string ResourcePrefix = "Orchestrator.PostgreSql.";
    private const string SchemaPlaceholder = "orchestrator_schema";
    private const string IdTypePlaceholder = "text";
    private const string FunctionSuffix = "_announce_append";
    private const int MaxNameLength = 63;

    private readonly ConcurrentDictionary<string, string> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names;
    private readonly string _schema;
    private readonly bool _isProxied;

    public SqlCatalog(PostgreSqlOptions options)
        : this(options, isProxied: false) => Proxied = new SqlCatalog(options, isProxied: true);

    private SqlCatalog(PostgreSqlOptions options, bool isProxied)
    {
        _isProxied = isProxied;
        Proxied = this;
        Schema = options.Schema;
        AggregateIdType = options.AggregateIdType;
        _schema = options.Schema is { } schema ? Quote(schema) + "." : "";
        _names = TableOption.All.ToDictionary(table => table.DefaultName, table => table.Get(options), StringComparer.Ordinal);
    }

    /// <summary>The configured schema; null: the search path's.</summary>
    public string? Schema { get; }

    /// <summary>The type of an aggregate's id.</summary>
    public AggregateIdType AggregateIdType { get; }

    /// <summary>The same statements for a way to the server on which only a transaction is one session of it: those that differ there have a file of their own, whose name ends in <c>_proxied</c>.</summary>
    public SqlCatalog Proxied { get; }

    /// <summary>A statement of the <c>Sql</c> folder, by its file's name without the extension.</summary>
    public string this[string name] => _statements.GetOrAdd(name, static (key, self) => self.Render(ReadResource(self.PathOf(key))), this);

    /// <summary>Replaces the default names in a text by the configured ones.</summary>
    public string Render(string sql) => QuotedName().Replace(sql, match => Resolve(match.Groups["name"].Value));

    /// <summary>The configured name of one of our tables, functions, indexes or constraints: quoted, and with its schema where SQL wants one.</summary>
    public string Resolve(string defaultName)
    {
        if (defaultName == SchemaPlaceholder)
        {
            return Quote(Schema ?? throw new InvalidOperationException("No schema is configured."));
        }

        if (defaultName == IdTypePlaceholder)
        {
            return AggregateIdType == AggregateIdType.Uuid ? "uuid" : "text";
        }

        // An index and a constraint live in their table's schema and must not be qualified; a table and a function must.
        string name = Quote(NameOf(defaultName));
        return _names.ContainsKey(defaultName) || defaultName.EndsWith(FunctionSuffix, StringComparison.Ordinal) ? _schema + name : name;
    }

    /// <summary>The same without quotes and schema. What is named after a table, as <c>events_event_id_key</c>, follows the table's configured name.</summary>
    public string NameOf(string defaultName)
    {
        if (_names.TryGetValue(defaultName, out string? name))
        {
            return name;
        }

        string? table = _names.Keys.Where(key => defaultName.StartsWith(key + "_", StringComparison.Ordinal)).MaxBy(key => key.Length);
        return table is null ? defaultName : Fit(_names[table], defaultName[table.Length..]);
    }

    /// <summary>Every default name that a text mentions in double quotes.</summary>
    public static IReadOnlyList<string> NamesIn(string sql) =>
        [.. QuotedName().Matches(sql).Select(match => match.Groups["name"].Value).Where(name => name != IdTypePlaceholder).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads an embedded file.</summary>
    public static string ReadResource(string path)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + path)
            ?? throw new InvalidOperationException($"The embedded file {path} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private string PathOf(string name)
    {
        string proxied = $"Sql.{name}_proxied.sql";
        return _isProxied && Assembly.GetExecutingAssembly().GetManifestResourceInfo(ResourcePrefix + proxied) is not null ? proxied : $"Sql.{name}.sql";
    }

    // PostgreSQL cuts a name at 63 bytes without a word (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS), and two cut
    // names may be the same one: so a long table name is shortened here, to something of its own.
    private static string Fit(string table, string suffix)
    {
        if (table.Length + suffix.Length <= MaxNameLength)
        {
            return table + suffix;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table)))[..8];
        return $"{table[..(MaxNameLength - suffix.Length - hash.Length - 1)]}_{hash}{suffix}";
    }

    private static string Quote(string name) => $"\"{name}\"";

    [GeneratedRegex("\"(?<name>[a-z_][a-z0-9_]*)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex QuotedName();
}
