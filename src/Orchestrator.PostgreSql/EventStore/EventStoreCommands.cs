using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>The event store's statements with their parameters.</summary>
internal sealed class EventStoreCommands(SqlCatalog sql)
{
    public NpgsqlBatchCommand Append(AggregateAppend append)
    {
        (string aggregateType, string aggregateId, ExpectedVersion expectedVersion, IReadOnlyList<EventData> events) = append;
        bool isExact = expectedVersion is { IsAny: false, IsNoStream: false };
        var command = new NpgsqlBatchCommand(sql[isExact ? "append_events_at_version" : "append_events"]);
        command.Parameters.Add(Parameter.Text(aggregateType));
        command.Parameters.Add(Parameter.Text(aggregateId));
        command.Parameters.Add(isExact ? Parameter.Long(expectedVersion.Version!.Value) : Parameter.Of(expectedVersion.IsAny, NpgsqlDbType.Boolean));
        command.Parameters.Add(Parameter.Long(events.Count));
        var columns = new EventColumns(events.Count);
        foreach (EventData data in events)
        {
            columns.Add(data);
        }

        columns.AddTo(command.Parameters);
        return command;
    }

    public NpgsqlBatchCommand AppendBulk(BulkPlan plan)
    {
        var streams = new long[plan.EventCount];
        var places = new long[plan.EventCount];
        var columns = new EventColumns(plan.EventCount);
        int next = 0;
        foreach (BulkItem item in plan.Items)
        {
            for (int i = 0; i < item.Append.Events.Count; i++)
            {
                streams[next] = item.Stream + 1;
                places[next++] = item.Offset + i + 1;
                columns.Add(item.Append.Events[i]);
            }
        }

        var command = new NpgsqlBatchCommand(sql["append_events_bulk"]);
        AddStreams(command, plan.Streams);
        command.Parameters.Add(Parameter.Of(plan.Streams.Select(stream => stream.EventCount).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        command.Parameters.Add(Parameter.Of(plan.Streams.Select(stream => stream.ExpectedVersion).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        command.Parameters.Add(Parameter.Of(streams, NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        command.Parameters.Add(Parameter.Of(places, NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        columns.AddTo(command.Parameters);
        return command;
    }

    public NpgsqlBatchCommand ReadVersions(IReadOnlyList<BulkStream> streams)
    {
        var command = new NpgsqlBatchCommand(sql["read_aggregate_versions"]);
        AddStreams(command, streams);
        return command;
    }

    public NpgsqlBatchCommand FindKnownEvent(IEnumerable<EventData> events)
    {
        var command = new NpgsqlBatchCommand(sql["find_known_event"]);
        command.Parameters.Add(Parameter.Of(events.Select(data => data.EventId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        return command;
    }

    public NpgsqlBatchCommand ReadStream(string aggregateType, string aggregateId, long fromVersion, long? toVersion)
    {
        var command = new NpgsqlBatchCommand(sql["read_aggregate_stream"]);
        command.Parameters.Add(Parameter.Text(aggregateType));
        command.Parameters.Add(Parameter.Text(aggregateId));
        command.Parameters.Add(Parameter.Long(fromVersion));
        command.Parameters.Add(Parameter.LongOrNull(toVersion));
        return command;
    }

    public NpgsqlBatchCommand ReadAll(long afterPosition, int maxCount)
    {
        var command = new NpgsqlBatchCommand(sql["read_all_events"]);
        command.Parameters.Add(Parameter.Long(afterPosition));
        command.Parameters.Add(Parameter.Of(maxCount, NpgsqlDbType.Integer));
        return command;
    }

    private static void AddStreams(NpgsqlBatchCommand command, IReadOnlyList<BulkStream> streams)
    {
        command.Parameters.Add(Parameter.Of(streams.Select(stream => stream.Type).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        command.Parameters.Add(Parameter.Of(streams.Select(stream => stream.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
    }
}
