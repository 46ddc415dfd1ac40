using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.Schema;

public sealed class GeneratedMigrationTests : SchemaFixture
{
    private MigrationFile Up => MigrationFile.Render(Options).Single(file => file.Name == "001_create_tables.up.sql");

    private MigrationFile Down => MigrationFile.Render(Options).Single(file => file.Name == "001_create_tables.down.sql");

    [Test]
    public async Task UpFile_Applied_LeavesTheMigratorNothingToDo()
    {
        await ExecuteAsync(Up.Content);

        Assert.That(await MigrateAsync(Options), Is.Empty);
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing);
    }

    [Test]
    public async Task UpFile_AppliedAgainAndAfterTheMigrator_DoesNoHarm()
    {
        await MigrateAsync(Options);
        await ExecuteAsync("INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) VALUES ('t', 'i', 1, gen_random_uuid(), 'e', '')");

        await ExecuteAsync(Up.Content);
        await ExecuteAsync(Up.Content);

        Assert.That(await ScalarAsync("SELECT count(*) FROM events"), Is.EqualTo(1L));
        Assert.That(async () => await CheckAsync(Options), Throws.Nothing);
    }

    [Test]
    public async Task DownFile_Applied_LeavesNothingBehind()
    {
        await ExecuteAsync(Up.Content);
        await ExecuteAsync(Down.Content);
        await ExecuteAsync(Down.Content);

        Assert.That(await ScalarAsync("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"), Is.Zero);
        Assert.That(await ScalarAsync("SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"), Is.Zero);
        Assert.That(await MigrateAsync(Options), Has.Count.EqualTo(1), "and up works again");
    }
}
