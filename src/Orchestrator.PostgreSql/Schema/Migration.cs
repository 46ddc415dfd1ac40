using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>One step of the schema, from the embedded files <c>001_create_tables.up.sql</c> and <c>.down.sql</c>.</summary>
internal sealed partial record Migration(int Version, string Name)
{
    private const string Folder = "Schema.Migrations.";

    /// <summary>The step before the first: makes a log that another program created fit. Its row is no version, so that an adopted log and a new one stand at the same.</summary>
    public static Migration Adoption { get; } = new(0, "adopt_existing_log");

    /// <summary>Every step, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Discover();

    /// <summary>The version that the code works with.</summary>
    public static int Latest => All[^1].Version;

    /// <summary>Creates the configured schema where it is missing.</summary>
    public static string CreateSchemaSql => SqlCatalog.ReadResource(Folder + "create_schema.sql");

    /// <summary>The start of the files' names.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Version:000}_{Name}");

    /// <summary>The statements that apply the step, with the default names.</summary>
    public string UpSql => SqlCatalog.ReadResource($"{Folder}{FileName}.up.sql");

    /// <summary>The statements that undo it, with the default names.</summary>
    public string DownSql => SqlCatalog.ReadResource($"{Folder}{FileName}.down.sql");

    private static Migration[] Discover() =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Select(name => UpFile().Match(name))
            .Where(match => match.Success)
            .Select(match => new Migration(int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["name"].Value))
            .Where(migration => migration.Version != Adoption.Version)
            .OrderBy(migration => migration.Version),
    ];

    // No limit of time, here and elsewhere: pattern and text are short or our own, and a process that the machine holds up for a second must not fail by that, let alone for good, as a type's initialisation does.
    [GeneratedRegex(@"\.(?<version>[0-9]{3})_(?<name>[a-z0-9_]+)\.up\.sql$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex UpFile();
}
