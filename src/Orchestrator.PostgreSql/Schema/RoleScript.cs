using System.Text.RegularExpressions;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>The script that makes roles for who migrates, works, appends and reads, for psql.</summary>
internal static partial class RoleScript
{
    /// <summary>What the roles' names begin with by default.</summary>
    public const string DefaultPrefix = "orchestrator";

    /// <summary>Whether a prefix makes names that need no quotes and are not cut.</summary>
    public static bool IsPrefix(string prefix) => Prefix().IsMatch(prefix);

    /// <summary>The script with the configured names.</summary>
    /// <param name="options">The names of schema and tables.</param>
    /// <param name="prefix">What the roles' names begin with.</param>
    public static string Render(PostgreSqlOptions options, string prefix) =>
        RoleName().Replace(new SqlCatalog(options).Render(SqlCatalog.ReadResource("Schema.roles.sql")), $"{prefix}_${{role}}");

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,52}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\borchestrator_(?<role>migrator|worker|appender|reader)\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex RoleName();
}
