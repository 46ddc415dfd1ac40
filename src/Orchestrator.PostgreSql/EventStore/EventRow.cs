using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Reads an event from a row whose columns, from <c>global_position</c> to <c>created_at</c>, stand in the table's order.</summary>
internal static class EventRow
{
    public static PersistedEvent Read(NpgsqlDataReader reader, int first) => new()
    {
        GlobalPosition = reader.GetInt64(first),
        AggregateType = reader.GetString(first + 1),
        AggregateId = reader.GetString(first + 2),
        AggregateVersion = reader.GetInt64(first + 3),
        EventId = reader.GetGuid(first + 4),
        EventType = reader.GetString(first + 5),
        EventVersion = reader.GetInt32(first + 6),
        Payload = reader.GetFieldValue<byte[]>(first + 7),
        TraceId = GuidOrNull(reader, first + 8),
        CorrelationId = GuidOrNull(reader, first + 9),
        CausationId = GuidOrNull(reader, first + 10),
        Metadata = reader.IsDBNull(first + 11) ? null : reader.GetString(first + 11),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(first + 12),
    };

    private static Guid? GuidOrNull(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetGuid(ordinal);
}
