using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.Schema;

/// <summary>What cannot be adopted is refused by name, with the way out, and nothing has changed then.</summary>
public sealed class AdoptionRefusalTests : SchemaFixture
{
    private PostgreSqlOptions Adopting => new() { ConnectionString = ConnectionString, AggregateIdType = AggregateIdType.Uuid, AdoptExistingLog = true };

    [TestCase("ALTER TABLE events ADD COLUMN tenant text NOT NULL DEFAULT 'x'; ALTER TABLE events ALTER COLUMN tenant DROP DEFAULT", "events.tenant is NOT NULL without a default", "ALTER TABLE events ALTER COLUMN tenant DROP NOT NULL")]
    [TestCase("ALTER TABLE events ALTER COLUMN payload TYPE jsonb USING '{}'", "events.payload is jsonb, and must be bytea", "ALTER TABLE events ALTER COLUMN payload TYPE bytea USING")]
    [TestCase("ALTER TABLE events ALTER COLUMN global_position TYPE integer", "events.global_position is integer, and must be bigint", "TYPE bigint")]
    [TestCase("ALTER TABLE events ALTER COLUMN aggregate_id TYPE text", "events.aggregate_id is text", "AggregateIdType (--aggregate-id-type) to text")]
    [TestCase("ALTER TABLE events ALTER COLUMN aggregate_id TYPE varchar", "events.aggregate_id is character varying, and must be uuid", "TYPE uuid")]
    [TestCase("ALTER TABLE events DROP COLUMN event_id", "events.event_id is missing", "Add it as uuid")]
    [TestCase("ALTER TABLE events DROP COLUMN created_at", "events.created_at is missing", "Add it as timestamp with time zone")]
    [TestCase("ALTER TABLE events ALTER COLUMN payload DROP NOT NULL; UPDATE events SET payload = NULL WHERE global_position = 3", "events.payload is null in some rows", "Fill it")]
    [TestCase("ALTER TABLE events DROP COLUMN event_type; ALTER TABLE events ADD COLUMN event_type text NOT NULL GENERATED ALWAYS AS ('Happened') STORED", "events.event_type is computed", "DROP EXPRESSION")]
    [TestCase("UPDATE events SET aggregate_version = aggregate_version - 1 WHERE aggregate_version = 1", "events.aggregate_version is below 1", "begin with 1")]
    [TestCase("UPDATE events SET global_position = global_position - 1 WHERE global_position = 1", "events.global_position is below 1", "Raise every position")]
    [TestCase("ALTER TABLE events DROP CONSTRAINT events_aggregate_type_aggregate_id_aggregate_version_key; UPDATE events SET aggregate_version = 2 WHERE aggregate_version = 3", "several rows with the same (aggregate_type, aggregate_id, aggregate_version)", "(Order, 00000000-0000-0000-0000-00000000000")]
    [TestCase("CREATE TABLE part () INHERITS (events)", "events is no plain table, or is partitioned or inherits", "Copy its rows")]
    [TestCase("CREATE TABLE aggregate_heads (aggregate_type text, aggregate_id text, aggregate_version bigint)", "aggregate_heads.aggregate_id is text, and must be uuid", "ALTER TABLE aggregate_heads")]
    [TestCase("ALTER TABLE events SET UNLOGGED", "events is UNLOGGED", "ALTER TABLE events SET LOGGED")]
    [TestCase("ALTER TABLE events RENAME TO log", "There is no table \"events\" to adopt", "EventsTable")]
    public async Task MigrateAsync_AdoptingWhatDoesNotFit_SaysWhatAndTheWayOut(string change, string fault, string wayOut)
    {
        await ExecuteAsync(ExistingLog.CreateEvents + ExistingLog.Fill + change);

        SchemaException e = (await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(Adopting)))!;

        Assert.That(e.Message, Does.Contain(fault).And.Contain(wayOut));
        Assert.That(await ScalarAsync("SELECT to_regclass('orchestrator_migrations')::text"), Is.EqualTo(DBNull.Value), "nothing was changed");
    }

    [Test]
    public async Task MigrateAsync_APartitionedTable_IsRefused()
    {
        await ExecuteAsync("CREATE TABLE events (global_position bigint, aggregate_id uuid) PARTITION BY RANGE (global_position)");

        SchemaException e = (await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(Adopting)))!;

        Assert.That(e.Message, Does.Contain("is partitioned"));
    }

    [Test]
    public async Task MigrateAsync_RowLevelSecurityThatHidesEvents_IsRefused()
    {
        string schema = (string)(await ScalarAsync("SELECT current_schema()"))!;
        string owner = "r" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(ExistingLog.CreateEvents + ExistingLog.Fill + $"CREATE ROLE {owner} LOGIN PASSWORD '{owner}'; GRANT USAGE, CREATE ON SCHEMA {schema} TO {owner}; ALTER TABLE events OWNER TO {owner}; ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
        try
        {
            PostgreSqlOptions options = Adopting;
            options.ConnectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = owner, Password = owner }.ConnectionString;

            SchemaException e = (await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(options)))!;
            Assert.That(e.Message, Does.Contain($"Row level security applies to the user {owner} on events").And.Contain("ALTER TABLE events DISABLE ROW LEVEL SECURITY"));

            await ExecuteAsync("ALTER TABLE events NO FORCE ROW LEVEL SECURITY");
            await MigrateAsync(options);
            Assert.That(await ScalarAsync("SELECT count(*) FROM aggregate_heads"), Is.EqualTo(3), "it does not apply to the owner any more");
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {owner}; DROP ROLE {owner}");
        }
    }

    [Test]
    public async Task MigrateAsync_SeveralFaults_ListsThemAll()
    {
        await ExecuteAsync(ExistingLog.CreateEvents + "ALTER TABLE events DROP COLUMN event_id, ALTER COLUMN event_version TYPE smallint, ADD COLUMN tenant text NOT NULL");

        SchemaException e = (await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(Adopting)))!;

        Assert.That(e.Message, Does.Contain("event_id is missing").And.Contain("event_version is smallint, and must be integer").And.Contain("tenant is NOT NULL"));
    }
}
