using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>What is said of the PostgreSQL section when it changes: which keys, and never a connection string.</summary>
internal sealed class PostgreSqlWatchTests
{
    [Test]
    public void Accept_KeysChanged_NamesThemAndShowsNoConnectionString()
    {
        var factory = new Factory { Next = new PostgreSqlOptions { ConnectionString = "Host=b;Password=secret", Schema = "shop" } };
        var watch = new PostgreSqlWatch(Options.Create(new PostgreSqlOptions { ConnectionString = "Host=a;Password=secret" }), factory);
        watch.Read();

        Assert.That(watch.Accept(), Is.EqualTo(new[]
        {
            new SettingChange("Orchestrator:PostgreSql:ConnectionString", "another one", "as it was", Reloads: false),
            new SettingChange("Orchestrator:PostgreSql:Schema", "shop", "none", Reloads: false),
        }));
        watch.Read();
        Assert.That(watch.Accept(), Is.Empty, "it has not changed again");
    }

    [Test]
    public void Accept_EveryKey_IsWatched()
    {
        var next = new PostgreSqlOptions { ConnectionString = "Host=b", CoordinationConnectionString = "Host=c", Schema = "shop", AggregateIdType = AggregateIdType.Uuid, AdoptExistingLog = true, MigrateOnStart = true };
        foreach (TableOption table in TableOption.All)
        {
            table.Set(next, $"other_{table.DefaultName}");
        }

        var watch = new PostgreSqlWatch(Options.Create(new PostgreSqlOptions { ConnectionString = "Host=a" }), new Factory { Next = next });
        watch.Read();
        Assert.That(watch.Accept().Select(change => change.Key), Is.EquivalentTo(PostgreSqlConfiguration.Keys.Select(key => $"Orchestrator:PostgreSql:{key}")));
    }

    private sealed class Factory : IOptionsFactory<PostgreSqlOptions>
    {
        public required PostgreSqlOptions Next { get; init; }

        public PostgreSqlOptions Create(string name) => Next;
    }
}
