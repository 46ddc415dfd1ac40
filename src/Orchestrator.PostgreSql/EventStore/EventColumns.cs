using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Events as one array a column, the shape in which <c>unnest</c> takes them.</summary>
internal sealed class EventColumns(int count)
{
    private readonly Guid[] _ids = new Guid[count];
    private readonly string[] _types = new string[count];
    private readonly int[] _versions = new int[count];
    private readonly ReadOnlyMemory<byte>[] _payloads = new ReadOnlyMemory<byte>[count];
    private readonly Guid?[] _traceIds = new Guid?[count];
    private readonly Guid?[] _correlationIds = new Guid?[count];
    private readonly Guid?[] _causationIds = new Guid?[count];
    private readonly string?[] _metadata = new string?[count];
    private readonly DateTimeOffset?[] _createdAt = new DateTimeOffset?[count];
    private int _next;

    public Guid[] Ids => _ids;

    public void Add(EventData data)
    {
        _ids[_next] = data.EventId;
        _types[_next] = data.EventType;
        _versions[_next] = data.EventVersion;
        _payloads[_next] = data.Payload;
        _traceIds[_next] = data.TraceId;
        _correlationIds[_next] = data.CorrelationId;
        _causationIds[_next] = data.CausationId;
        _metadata[_next] = data.Metadata;
        // PostgreSQL keeps an instant, not an offset; Npgsql insists that the caller knows.
        _createdAt[_next] = data.CreatedAt?.ToUniversalTime();
        _next++;
    }

    public void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Parameter.Of(_ids, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        parameters.Add(Parameter.Of(_types, NpgsqlDbType.Array | NpgsqlDbType.Text));
        parameters.Add(Parameter.Of(_versions, NpgsqlDbType.Array | NpgsqlDbType.Integer));
        parameters.Add(Parameter.Of(_payloads, NpgsqlDbType.Array | NpgsqlDbType.Bytea));
        parameters.Add(Parameter.Of(_traceIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        parameters.Add(Parameter.Of(_correlationIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        parameters.Add(Parameter.Of(_causationIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        parameters.Add(Parameter.Of(_metadata, NpgsqlDbType.Array | NpgsqlDbType.Text));
        parameters.Add(Parameter.Of(_createdAt, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz));
    }
}
