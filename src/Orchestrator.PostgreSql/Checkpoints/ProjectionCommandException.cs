using Npgsql;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>A statement that a handler has enqueued failed. The message names the event that it came from; the inner exception bears the SQLSTATE.</summary>
internal sealed class ProjectionCommandException(string sql, CommandSource source, PostgresException inner)
    : Exception($"A statement that was enqueued {source} failed with {inner.SqlState}: {inner.MessageText} Statement: {Shorten(sql)}", inner)
{
    private const int MaxSqlLength = 500;

    private static string Shorten(string sql) => sql.Length <= MaxSqlLength ? sql : sql[..MaxSqlLength] + "...";
}
