using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Sql;

/// <summary>
/// The statements, each from an embedded <c>.sql</c> file that runs in psql as it stands. Names in double quotes are the default names of our own tables, functions and indexes;
/// they are replaced by the configured ones, schema included.
/// </summary>
internal sealed partial class SqlCatalog
{
    private const string ResourcePrefix = "Orchestrator.PostgreSql.";

    private readonly ConcurrentDictionary<string, string> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names;
    private readonly string _schema;

    public SqlCatalog(PostgreSqlOptions options)
    {
        _schema = options.Schema is { } schema ? Quote(schema) + "." : "";
        _names = new(StringComparer.Ordinal)
        {
            ["events"] = options.EventsTable,
            ["aggregate_heads"] = options.AggregateHeadsTable,
            ["projection_checkpoints"] = options.CheckpointsTable,
            ["orchestrator_replica_sets"] = options.ReplicaSetsTable,
            ["orchestrator_generations"] = options.GenerationsTable,
            ["orchestrator_workers"] = options.WorkersTable,
            ["orchestrator_heartbeats"] = options.HeartbeatsTable,
            ["orchestrator_migrations"] = options.MigrationsTable,
        };
    }

    /// <summary>A statement of the <c>Sql</c> folder, by its file's name without the extension.</summary>
    public string this[string name] => _statements.GetOrAdd(name, static (key, self) => self.Render(ReadResource($"Sql.{key}.sql")), this);

    /// <summary>Replaces the default names in a text by the configured ones.</summary>
    public string Render(string sql) => QuotedName().Replace(sql, match => Resolve(match.Groups["name"].Value));

    /// <summary>The configured name of one of our tables, quoted and with its schema.</summary>
    public string Resolve(string defaultName) => _names.TryGetValue(defaultName, out string? name) ? _schema + Quote(name) : Derived(defaultName);

    /// <summary>Reads an embedded file.</summary>
    public static string ReadResource(string path)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + path)
            ?? throw new InvalidOperationException($"The embedded file {path} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // Indexes, constraints and functions are named after their table: "events_x" follows the events table's configured name.
    // An index is always created in its table's schema and must not be qualified; a function must.
    private string Derived(string defaultName)
    {
        if (defaultName.StartsWith("orchestrator_announce", StringComparison.Ordinal))
        {
            return _schema + Quote(defaultName);
        }

        string? table = _names.Keys.Where(key => defaultName.StartsWith(key + "_", StringComparison.Ordinal)).MaxBy(key => key.Length);
        return Quote(table is null ? defaultName : _names[table] + defaultName[table.Length..]);
    }

    private static string Quote(string name) => $"\"{name}\"";

    [GeneratedRegex("\"(?<name>[a-z_][a-z0-9_]*)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedName();
}
