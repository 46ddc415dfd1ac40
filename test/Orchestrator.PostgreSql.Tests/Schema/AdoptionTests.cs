using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.PostgreSql.Tests.EventStore;

namespace Orchestrator.PostgreSql.Tests.Schema;

/// <summary>A log that another program created becomes ours: nothing in it changes, and the guarantees hold from then on.</summary>
public sealed class AdoptionTests : SchemaFixture
{
    private static readonly string[] Everything = ["000_adopt_existing_log", .. Migration.All.Select(migration => migration.FileName)];

    private static EventData Happened => new("Happened", "{}"u8.ToArray());

    private PostgreSqlOptions Adopting => new() { ConnectionString = ConnectionString, AggregateIdType = AggregateIdType.Uuid, AdoptExistingLog = true };

    [Test]
    public async Task MigrateAsync_AdoptingALogWithRows_MakesItFitWithoutRewritingIt()
    {
        await CreateLogAsync();
        object? file = await ScalarAsync("SELECT pg_relation_filenode('events')");
        object? before = await ScalarAsync("SELECT string_agg(e::text, ' ' ORDER BY global_position) FROM events AS e");

        Assert.That(await MigrateAsync(Adopting), Is.EqualTo(Everything));

        Assert.That(await ScalarAsync("SELECT pg_relation_filenode('events')"), Is.EqualTo(file), "the table was rewritten");
        Assert.That(await ScalarAsync("SELECT string_agg(e::text, ' ' ORDER BY global_position) FROM events AS e"), Is.EqualTo(before));
        Assert.That(async () => await CheckAsync(Adopting), Throws.Nothing);
        Assert.That(await ScalarAsync("SELECT max(version) FROM orchestrator_migrations"), Is.EqualTo(Migration.Latest));
    }

    [Test]
    public async Task MigrateAsync_AdoptingTwice_DoesNothingTheSecondTime()
    {
        await CreateLogAsync();
        await MigrateAsync(Adopting);
        await using var log = new StoreUnderTest(Adopting);
        await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Any, [Happened]);

        Assert.That(await MigrateAsync(Adopting), Is.Empty);
        foreach (MigrationFile file in MigrationFile.Render(Adopting).Where(file => file.Name.EndsWith(".up.sql", StringComparison.Ordinal)))
        {
            await ExecuteAsync(file.Content);
        }

        Assert.That(async () => await CheckAsync(Adopting), Throws.Nothing);
        AppendResult next = await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Exact(ExistingLog.EventsEach + 1), [Happened]);
        Assert.That(next.LastPosition, Is.EqualTo(16));
    }

    [Test]
    public async Task EventStore_OnAnAdoptedLog_GoesOnWhereTheLogEnds()
    {
        await CreateLogAsync();
        await MigrateAsync(Adopting);
        await using var log = new StoreUnderTest(Adopting);
        string fresh = Guid.NewGuid().ToString();

        AppendResult first = await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Exact(ExistingLog.EventsEach), [Happened]);
        IReadOnlyList<AppendResult> bulk = await log.Store.AppendBulkAsync(
        [
            new AggregateAppend("Order", ExistingLog.Id(2), ExpectedVersion.Exact(ExistingLog.EventsEach), [Happened]),
            new AggregateAppend("Order", fresh, ExpectedVersion.NoStream, [Happened]),
        ]);
        AggregateStream stream = await log.Store.ReadAggregateStreamAsync("Order", ExistingLog.Id(1));
        IReadOnlyList<PersistedEvent> all = await log.Store.ReadAllAsync(0, 100);

        Assert.That((first.FirstVersion, first.LastPosition), Is.EqualTo((5L, 15L)), "behind the two positions that were drawn and rolled back");
        Assert.That(bulk.Select(result => result.FirstVersion), Is.EqualTo(new long[] { 5, 1 }));
        Assert.That(stream.Events.Select(e => (e.AggregateId, e.AggregateVersion)), Is.EqualTo(Enumerable.Range(1, 5).Select(version => (ExistingLog.Id(1), (long)version))));
        Assert.That(all, Has.Count.EqualTo(15));
        Assert.That(all[^1].AggregateId, Is.EqualTo(fresh));
    }

    [Test]
    public async Task EventStore_OnAnAdoptedLog_RefusesWhatDoesNotFit()
    {
        await CreateLogAsync();
        await MigrateAsync(Adopting);
        await using var log = new StoreUnderTest(Adopting);
        Guid known = (Guid)(await ScalarAsync("SELECT event_id FROM events ORDER BY global_position LIMIT 1"))!;

        ConcurrencyException single = (await Assert.ThrowsAsync<ConcurrencyException>(() => log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Exact(2), [Happened])))!;
        Assert.That(single.ActualVersion, Is.EqualTo(4));
        await Assert.ThrowsAsync<ConcurrencyException>(() => log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.NoStream, [Happened]));
        await Assert.ThrowsAsync<ConcurrencyException>(() => log.Store.AppendBulkAsync([new AggregateAppend("Order", ExistingLog.Id(1), ExpectedVersion.Exact(9), [Happened])]));
        await Assert.ThrowsAsync<DuplicateEventException>(() => log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Any, [Happened with { EventId = known }]));
        await Assert.ThrowsAsync<ArgumentException>(() => log.Store.AppendAsync("Order", "no uuid", ExpectedVersion.Any, [Happened]));
        await Assert.ThrowsAsync<ArgumentException>(() => log.Store.AppendBulkAsync([new AggregateAppend("Order", "{" + ExistingLog.Id(1) + "}", ExpectedVersion.Any, [Happened])]));
        await Assert.ThrowsAsync<ArgumentException>(() => log.Store.ReadAggregateStreamAsync("Order", "no uuid"));

        Assert.That(await ScalarAsync("SELECT count(*) FROM events"), Is.EqualTo(12L));
    }

    [TestCase(AggregateIdType.Uuid, AggregateIdType.Text, 0, "42804")]
    [TestCase(AggregateIdType.Uuid, AggregateIdType.Text, 1, "42883")]
    [TestCase(AggregateIdType.Text, AggregateIdType.Uuid, 1, "42883")]
    public async Task EventStore_WithAnotherTypeOfIdsThanTheLog_FailsAsTroubleshootingSays(AggregateIdType log, AggregateIdType application, int version, string sqlState)
    {
        await MigrateAsync(new() { ConnectionString = ConnectionString, AggregateIdType = log });
        await using var underTest = new StoreUnderTest(new() { ConnectionString = ConnectionString, AggregateIdType = application });

        ExpectedVersion expected = version == 0 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(version);
        PostgresException e = (await Assert.ThrowsAsync<PostgresException>(() => underTest.Store.AppendAsync("Order", ExistingLog.Id(1), expected, [Happened])))!;
        await Assert.ThrowsAsync<PostgresException>(() => underTest.Store.ReadAggregateStreamAsync("Order", ExistingLog.Id(1)));

        Assert.That(e.SqlState, Is.EqualTo(sqlState));
    }

    [Test]
    public async Task MigrateAsync_HeadsAreThereInPart_FillsWhatIsMissingOrBehind()
    {
        await CreateLogAsync();
        await ExecuteAsync(ExistingLog.CreateHeads + $"INSERT INTO aggregate_heads VALUES ('Order', '{ExistingLog.Id(1)}', 4), ('Order', '{ExistingLog.Id(2)}', 2)");

        await MigrateAsync(Adopting);

        Assert.That(await ScalarAsync("SELECT string_agg(aggregate_version::text, ',') FROM aggregate_heads"), Is.EqualTo("4,4,4"));
    }

    [TestCase("ALTER TABLE events ALTER COLUMN global_position DROP DEFAULT; DROP SEQUENCE events_global_position_seq; ALTER TABLE events ALTER COLUMN global_position ADD GENERATED BY DEFAULT AS IDENTITY (CACHE 20)", 13)]
    [TestCase("ALTER SEQUENCE events_global_position_seq OWNED BY NONE", 15)]
    [TestCase("ALTER TABLE events ALTER COLUMN global_position DROP DEFAULT; DROP SEQUENCE events_global_position_seq", 13)]
    [TestCase("SELECT setval('events_global_position_seq', 3)", 13)]
    public async Task MigrateAsync_PositionsComeFromElsewhere_GoOnBehindTheLastOne(string change, int next)
    {
        await CreateLogAsync();
        await ExecuteAsync(change);

        await MigrateAsync(Adopting);
        await CheckAsync(Adopting);

        await using var log = new StoreUnderTest(Adopting);
        Assert.That((await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Any, [Happened])).LastPosition, Is.EqualTo(next));
    }

    [Test]
    public async Task MigrateAsync_ColumnsAndKeysAreMissing_AddsWhatCanBeAdded()
    {
        await CreateLogAsync();
        await ExecuteAsync(
            """
            ALTER TABLE events DROP COLUMN trace_id, DROP COLUMN correlation_id, DROP COLUMN causation_id, DROP COLUMN metadata, DROP COLUMN event_version;
            ALTER TABLE events DROP CONSTRAINT events_pkey, DROP CONSTRAINT events_event_id_key, DROP CONSTRAINT events_aggregate_type_aggregate_id_aggregate_version_key;
            ALTER TABLE events ALTER COLUMN payload DROP NOT NULL, ADD COLUMN tenant text, ADD COLUMN region text NOT NULL DEFAULT 'eu';
            """);

        await MigrateAsync(Adopting);

        await using var log = new StoreUnderTest(Adopting);
        await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Exact(4), [Happened with { TraceId = Guid.NewGuid(), Metadata = "{}", EventVersion = 2 }]);
        AggregateStream stream = await log.Store.ReadAggregateStreamAsync("Order", ExistingLog.Id(1), fromVersion: 4);
        Assert.That(stream.Events.Select(e => (e.EventVersion, e.TraceId.HasValue)), Is.EqualTo(new[] { (1, false), (2, true) }));
        await Assert.ThrowsAsync<DuplicateEventException>(() => log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Any, [Happened with { EventId = stream.Events[0].EventId }]));
    }

    [Test]
    public async Task MigrateAsync_OwnNamesAndTextIds_AdoptsThatTableToo()
    {
        await ExecuteAsync(ExistingLog.CreateEvents + ExistingLog.Fill + "ALTER TABLE events ALTER COLUMN aggregate_id TYPE text; ALTER TABLE events RENAME TO domain_events");
        var options = new PostgreSqlOptions { ConnectionString = ConnectionString, EventsTable = "domain_events", AggregateHeadsTable = "domain_heads", AdoptExistingLog = true };

        await MigrateAsync(options);
        await CheckAsync(options);

        await using var log = new StoreUnderTest(options);
        Assert.That((await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.Exact(4), [Happened])).LastPosition, Is.EqualTo(15));
    }

    [Test]
    public async Task DownFiles_OfAnAdoptedLog_LeaveRowsAndHeadsInAnyNumberOfRuns()
    {
        await CreateLogAsync();
        await MigrateAsync(Adopting);
        List<MigrationFile> downs = [.. MigrationFile.Render(Adopting).Where(file => file.Name.EndsWith(".down.sql", StringComparison.Ordinal)).Reverse()];
        Assert.That(async () => await ExecuteAsync(downs[^1].Content), Throws.InstanceOf<PostgresException>().With.Message.Contains("Run their down files first"));

        foreach (MigrationFile file in downs.Concat(downs))
        {
            await ExecuteAsync(file.Content);
        }

        Assert.That(await ScalarAsync("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"), Is.EqualTo("aggregate_heads,events"));
        Assert.That(await ScalarAsync("SELECT (SELECT count(*) FROM events) * 100 + (SELECT count(*) FROM aggregate_heads)"), Is.EqualTo(1203L));
        Assert.That(await ScalarAsync("SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"), Is.Zero);
        Assert.That(await MigrateAsync(Adopting), Is.EqualTo(Everything), "and it can be adopted again");
        Assert.That(async () => await CheckAsync(Adopting), Throws.Nothing);
    }

    [Test]
    public async Task MigrateAsync_OfANewLogWithUuids_CreatesIt()
    {
        var options = new PostgreSqlOptions { ConnectionString = ConnectionString, AggregateIdType = AggregateIdType.Uuid };
        await MigrateAsync(options);

        await using var log = new StoreUnderTest(options);
        await log.Store.AppendAsync("Order", ExistingLog.Id(1), ExpectedVersion.NoStream, [Happened]);

        Assert.That(await ScalarAsync("SELECT count(*) FROM events AS e JOIN aggregate_heads AS h USING (aggregate_id) WHERE aggregate_id = '00000000-0000-0000-0000-000000000001'::uuid"), Is.EqualTo(1L));
    }

    [Test]
    public void Statements_WithTextIds_CastToTextAndNothingElse() =>
        Assert.That(new SqlCatalog(Options)["append_events"], Does.Contain("VALUES ($1::text, $2::text, $4::bigint)"));

    private Task CreateLogAsync() => ExecuteAsync(ExistingLog.CreateEvents + ExistingLog.Fill);
}
