using System.Text;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>A migration as a file that psql or another tool applies instead of <see cref="PostgreSqlMigrator"/>. Both record the version, so that either goes on where the other stopped.</summary>
internal sealed record MigrationFile(string Name, string Content)
{
    /// <summary>An up and a down file for every migration, with the configured names; the adoption's too, where that is wanted.</summary>
    public static IReadOnlyList<MigrationFile> Render(PostgreSqlOptions options)
    {
        var sql = new SqlCatalog(options);
        string createSchema = options.Schema is null ? "" : sql.Render(Migration.CreateSchemaSql) + "\n";
        IEnumerable<Migration> migrations = options.AdoptExistingLog ? Migration.All.Prepend(Migration.Adoption) : Migration.All;
        return
        [
            .. migrations.SelectMany(migration => new[]
            {
                Create($"{migration.FileName}.up.sql", createSchema + sql.Render(migration.UpSql)),
                Create($"{migration.FileName}.down.sql", sql.Render(migration.DownSql)),
            }),
        ];
    }

    private static MigrationFile Create(string name, string sql)
    {
        var content = new StringBuilder();
        content.Append("-- Written by: orchestrator migrations generate\n");
        content.Append("-- Apply with: psql --single-transaction --set ON_ERROR_STOP=1 --file ").Append(name).Append("\n\n");
        return new MigrationFile(name, content.Append(sql).ToString());
    }
}
