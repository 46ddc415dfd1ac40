using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>A log of several tables: an insert into one of them goes past the trigger of the whole, so such a log is refused.</summary>
public sealed class PartOfALogTests : EventLogFixture
{
    private const string Partitioned =
        """
        ALTER TABLE events RENAME TO plain;
        CREATE TABLE events (
          global_position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, aggregate_type text NOT NULL, aggregate_id text NOT NULL, aggregate_version bigint NOT NULL,
          event_id uuid NOT NULL, event_type text NOT NULL, event_version integer NOT NULL DEFAULT 1, payload bytea NOT NULL,
          trace_id uuid, correlation_id uuid, causation_id uuid, metadata jsonb, created_at timestamptz NOT NULL DEFAULT now()
        ) PARTITION BY RANGE (global_position);
        CREATE TABLE leaf PARTITION OF events DEFAULT;
        CREATE TRIGGER announce_append BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION events_announce_append();
        ALTER TABLE events ENABLE ALWAYS TRIGGER announce_append;
        """;

    [TestCase(Partitioned)]
    [TestCase("CREATE TABLE leaf () INHERITS (events)")]
    public async Task ReadAsync_InsertIntoAPartOfTheLog_IsNotAnnouncedAndTheLogRefused(string divide)
    {
        NpgsqlConnection writer = await OpenAsync();
        await ExecuteAsync(writer, divide);
        string announced = $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1330791256 AND pid = {writer.ProcessID}";
        await using NpgsqlTransaction open = await writer.BeginTransactionAsync();

        await ExecuteAsync(
            writer,
            """
            INSERT INTO leaf (global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, created_at)
            VALUES (nextval(pg_get_serial_sequence('events', 'global_position')), 'Thing', 'a', 1, gen_random_uuid(), 'Happened', 1, '', now())
            """);
        Assert.That(await ScalarAsync<long>(writer, announced), Is.Zero);
        await InsertAsync(writer, "b");
        Assert.That(await ScalarAsync<long>(writer, announced), Is.EqualTo(1), "an insert into the whole is announced");
        await open.CommitAsync();

        await Assert.ThatAsync(async () => await ReadAsync(), Throws.TypeOf<UnsafeEventLogException>().With.Message.Contains("partitioned or inherits"));
        await Assert.ThatAsync(() => new SchemaCheck(Connections, Sql, new LogHistory(), NullLogger<SchemaCheck>.Instance).CheckAsync(CancellationToken.None), Throws.TypeOf<UnsafeEventLogException>().With.Message.Contains("partitioned or inherits"));
    }
}
