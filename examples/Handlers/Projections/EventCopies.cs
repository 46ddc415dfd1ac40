using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

public sealed class EventCopies : IBatchProjection
{
    public async ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)await context.GetConnectionAsync(cancellationToken);
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync("COPY event_copies (event_id, payload) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (PersistedEvent e in events)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(e.EventId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(e.Payload, NpgsqlDbType.Bytea, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
