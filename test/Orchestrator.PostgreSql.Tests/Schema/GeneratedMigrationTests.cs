using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.Schema;

public sealed class GeneratedMigrationTests : SchemaFixture
{
    private IEnumerable<MigrationFile> Ups => MigrationFile.Render(Options).Where(file => file.Name.EndsWith(".up.sql", StringComparison.Ordinal));

    private IEnumerable<MigrationFile> Downs => MigrationFile.Render(Options).Where(file => file.Name.EndsWith(".down.sql", StringComparison.Ordinal)).Reverse();

    [Test]
    public void Render_Always_BringsEveryMigrationUpAndDown() =>
        Assert.That(MigrationFile.Render(Options).Select(file => file.Name), Is.EquivalentTo(Migration.All.SelectMany(migration => new[] { migration.FileName + ".up.sql", migration.FileName + ".down.sql" })));

    [Test]
    public async Task UpFiles_Applied_LeaveTheMigratorNothingToDo()
    {
        await ApplyAsync(Ups);

        Assert.That(await MigrateAsync(Options), Is.Empty);
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing);
    }

    [Test]
    public async Task UpFiles_AppliedAgainAndAfterTheMigrator_DoNoHarm()
    {
        await MigrateAsync(Options);
        await ExecuteAsync("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('t', 'i', 1, gen_random_uuid(), 'e', '')");

        await ApplyAsync(Ups);
        await ApplyAsync(Ups);

        Assert.That(await ScalarAsync("SELECT count(*) FROM events"), Is.EqualTo(1L));
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing);
    }

    [Test]
    public async Task DownFiles_Applied_LeaveNothingBehind()
    {
        await ApplyAsync(Ups);
        await ApplyAsync(Downs);
        await ApplyAsync(Downs);

        Assert.That(await ScalarAsync("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"), Is.Zero);
        Assert.That(await ScalarAsync("SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"), Is.Zero);
        Assert.That(await MigrateAsync(Options), Has.Count.EqualTo(Migration.All.Count), "and up works again");
    }

    [Test]
    public async Task DownFile_OfStaticPartitions_KeepsTheRowsAndUpWorksAgain()
    {
        await MigrateAsync(Options);
        await ExecuteAsync(
            """
            INSERT INTO orchestrator_replica_sets (replica_set) VALUES ('main');
            INSERT INTO orchestrator_generations (replica_set, state, total_partitions, members, leader_id, reason)
            SELECT 'main', 'static', 3, ARRAY[id], id, 'test' FROM gen_random_uuid() AS id, generate_series(1, 2);
            """);

        await ApplyAsync(Downs.Take(3));

        Assert.That(await ScalarAsync("SELECT count(*) FROM orchestrator_generations WHERE state = 'superseded'"), Is.EqualTo(2L));
        Assert.That(async () => await ExecuteAsync("UPDATE orchestrator_generations SET state = 'static'"), Throws.Exception.With.Message.Contains("orchestrator_generations_states"));
        Assert.That(await MigrateAsync(Options), Is.EqualTo(new[] { "002_static_partitions", "003_rolling_strategy", "004_workflows" }));
    }

    [Test]
    public async Task Schema_Always_AllowsOneActiveGenerationAndAnyNumberOfStaticOnes()
    {
        const string Insert = "INSERT INTO orchestrator_generations (replica_set, state, total_partitions, members, leader_id, reason) SELECT 'main', '{0}', {1}, ARRAY[id], id, 'test' FROM gen_random_uuid() AS id";
        await MigrateAsync(Options);
        await ExecuteAsync("INSERT INTO orchestrator_replica_sets (replica_set) VALUES ('main')");
        await ExecuteAsync(string.Format(null, Insert, "static", 5));
        await ExecuteAsync(string.Format(null, Insert, "static", 5));
        await ExecuteAsync(string.Format(null, Insert, "active", 1));

        Assert.That(async () => await ExecuteAsync(string.Format(null, Insert, "active", 1)), Throws.Exception.With.Message.Contains("one_live"));
        Assert.That(async () => await ExecuteAsync(string.Format(null, Insert, "forming", 2)), Throws.Exception.With.Message.Contains("orchestrator_generations_partitions"));
    }

    private async Task ApplyAsync(IEnumerable<MigrationFile> files)
    {
        foreach (MigrationFile file in files)
        {
            await ExecuteAsync(file.Content);
        }
    }
}
