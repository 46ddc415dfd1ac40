using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Tests.EventStore;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>The rights that docs/tables.md recommends for a program that only appends: enough to append, too few to do what would lose events.</summary>
public sealed class AppendOnlyRoleTests : EventLogFixture
{
    private NpgsqlConnection _owner = null!;
    private string _role = null!;
    private StoreUnderTest _store = null!;
    private NpgsqlConnection _appender = null!;

    [SetUp]
    public async Task CreateRole()
    {
        _owner = await OpenAsync();
        if (!await ScalarAsync<bool>(_owner, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"))
        {
            Assert.Ignore("The server's user may not create roles.");
        }

        var builder = new NpgsqlConnectionStringBuilder(LogConnectionString);
        string schema = builder.SearchPath!;
        _role = $"appender_{Guid.NewGuid():N}";
        await ExecuteAsync(_owner, $"CREATE ROLE {_role} LOGIN PASSWORD '{_role}'; GRANT USAGE ON SCHEMA {schema} TO {_role}");
        await ExecuteAsync(_owner, RecommendedGrants().Replace("appender", _role, StringComparison.Ordinal));
        builder.Username = _role;
        builder.Password = _role;
        builder.Pooling = false;
        _appender = new NpgsqlConnection(builder.ConnectionString);
        await _appender.OpenAsync();
        builder.SearchPath = null;
        _store = new StoreUnderTest(new PostgreSqlOptions { ConnectionString = builder.ConnectionString, Schema = schema });
    }

    [TearDown]
    public async Task DropRole()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            await _appender.DisposeAsync();
            await ExecuteAsync(_owner, $"DROP OWNED BY {_role}; DROP ROLE {_role}");
        }
    }

    [Test]
    public async Task Store_UnderTheRole_AppendsAndReads()
    {
        IEventStore store = _store.Store;
        EventData[] events = [new("Happened", "{}"u8.ToArray()), new("Happened", "{}"u8.ToArray())];
        await store.AppendAsync("Thing", "a", ExpectedVersion.NoStream, events);
        await store.AppendAsync("Thing", "a", ExpectedVersion.Exact(2), [new("Happened", "{}"u8.ToArray())]);
        await store.AppendAsync("Thing", "a", ExpectedVersion.Any, [new("Happened", "{}"u8.ToArray())]);
        await store.AppendBulkAsync([new("Thing", "a", ExpectedVersion.Exact(4), [new("Happened", "{}"u8.ToArray())]), new("Thing", "b", ExpectedVersion.Any, [new("Happened", "{}"u8.ToArray())])]);

        await Assert.ThatAsync(() => store.AppendAsync("Thing", "a", ExpectedVersion.Exact(2), [new("Happened", "{}"u8.ToArray())]), Throws.TypeOf<ConcurrencyException>());
        await Assert.ThatAsync(() => store.AppendAsync("Thing", "c", ExpectedVersion.Any, [events[0]]), Throws.TypeOf<DuplicateEventException>());
        Assert.That((await PositionsAsync()).Length, Is.EqualTo(6), "and projections, under the owner, see them all");
    }

    [TestCase("INSERT INTO events (global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) OVERRIDING SYSTEM VALUE VALUES (7, 'T', 'x', 1, gen_random_uuid(), 'E', '')")]
    [TestCase("COPY events (global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) FROM STDIN")]
    [TestCase("UPDATE events SET global_position = DEFAULT")]
    [TestCase("DELETE FROM events")]
    [TestCase("TRUNCATE events")]
    [TestCase("SELECT nextval('events_global_position_seq')")]
    [TestCase("SELECT setval('events_global_position_seq', 1)")]
    [TestCase("ALTER TABLE events DISABLE TRIGGER announce_append")]
    [TestCase("ALTER TABLE events ALTER COLUMN global_position SET CACHE 20")]
    [TestCase("SET session_replication_role = replica")]
    [TestCase("CREATE TABLE pg_temp.leaf () INHERITS (events)")]
    public async Task Write_UnderTheRole_WhatWouldLoseEventsIsDenied(string statement) =>
        await Assert.ThatAsync(() => ExecuteAsync(_appender, statement), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo(PostgresErrorCodes.InsufficientPrivilege));

    /// <summary>Word for word what the documentation tells people to run.</summary>
    private static string RecommendedGrants()
    {
        string folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "tables.md")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("docs/tables.md is not above the tests.");
        }

        string page = File.ReadAllText(Path.Combine(folder, "docs", "tables.md"));
        int start = page.IndexOf("GRANT SELECT", StringComparison.Ordinal);
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
