using System.Globalization;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>A statement that a handler has enqueued failed. The message names the event that it came from; the inner exception bears the SQLSTATE.</summary>
internal sealed class ProjectionCommandException(string sql, PersistedEvent? source, PostgresException inner)
    : Exception($"A statement that was enqueued {Name(source)} failed with {inner.SqlState}: {inner.MessageText} Statement: {Shorten(sql)}", inner)
{
    private const int MaxSqlLength = 500;

    private static string Name(PersistedEvent? source) => source is null
        ? "for the batch as a whole"
        : string.Create(
            CultureInfo.InvariantCulture, $"by the event at position {source.GlobalPosition} ({source.EventType}, version {source.AggregateVersion} of {source.AggregateType} '{source.AggregateId}')");

    private static string Shorten(string sql) => sql.Length <= MaxSqlLength ? sql : sql[..MaxSqlLength] + "...";
}
