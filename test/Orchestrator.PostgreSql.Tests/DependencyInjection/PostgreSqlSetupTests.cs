using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.DependencyInjection;

/// <summary>What <c>UsePostgreSql</c> registers, and which options win. Nothing here connects.</summary>
public sealed class PostgreSqlSetupTests
{
    private const string Some = "Host=127.0.0.1;Database=d;Username=u;Password=hidden";

    [Test]
    public void UsePostgreSql_WithAConnectionString_RegistersEveryStore()
    {
        using IHost host = Build(Some);

        Assert.That(host.Services.GetRequiredService<IEventStore>(), Is.Not.Null);
        Assert.That(host.Services.GetRequiredService<IEventLog>(), Is.Not.Null);
        Assert.That(host.Services.GetRequiredService<ICheckpointStore>(), Is.Not.Null);
        Assert.That(host.Services.GetRequiredService<IMembershipStore>(), Is.InstanceOf<SchemaCheckedMembershipStore>());
        Assert.That(host.Services.GetRequiredService<IErrorClassifier>(), Is.Not.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    public async Task StartAsync_WithoutAConnectionString_SaysWhatIsMissing(string? connectionString)
    {
        using IHost host = Build(connectionString);

        OptionsValidationException e = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync()))!;

        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:ConnectionString is missing").And.Contain("UsePostgreSql"));
    }

    [Test]
    public void Options_InCodeAndConfiguration_AreTheConfigurations()
    {
        using IHost host = Build(Some, o => (o.EventsTable, o.Schema, o.CheckpointsTable) = ("from_code", "from_code", "from_code"), new()
        {
            ["Orchestrator:PostgreSql:EventsTable"] = "from_configuration",
            ["Orchestrator:PostgreSql:Schema"] = "from_configuration",
            ["Orchestrator:PostgreSql:AggregateIdType"] = "uuid",
            ["Orchestrator:PostgreSql:AdoptExistingLog"] = "true",
            ["Orchestrator:PostgreSql:MigrateOnStart"] = "True",
        });

        PostgreSqlOptions options = host.Services.GetRequiredService<IOptions<PostgreSqlOptions>>().Value;

        Assert.That((options.EventsTable, options.Schema, options.CheckpointsTable), Is.EqualTo(("from_configuration", "from_configuration", "from_code")));
        Assert.That((options.ConnectionString, options.MigrateOnStart), Is.EqualTo((Some, true)));
        Assert.That((options.AggregateIdType, options.AdoptExistingLog), Is.EqualTo((AggregateIdType.Uuid, true)));
    }

    [Test]
    public async Task StartAsync_WithManyFaults_ListsThemAllWithTheirPaths()
    {
        using IHost host = Build("Host=h;Nonsense=hidden", o => o.WorkersTable = "events", new()
        {
            ["Orchestrator:PostgreSql:Schema"] = "Bad-Schema",
            ["Orchestrator:PostgreSql:HeartbeatsTable"] = "x\n",
            ["Orchestrator:PostgreSql:EventTable"] = "typo",
            ["Orchestrator:PostgreSql:AggregateIdType"] = "1",
            ["Orchestrator:PostgreSql:AdoptExistingLog"] = "",
            ["Orchestrator:PostgreSql:MigrateOnStart"] = "maybe",
        });

        OptionsValidationException e = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync()))!;

        Assert.That(e.Failures.Count(), Is.EqualTo(8), e.Message);
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:AggregateIdType is '1'. Allowed: Text or Uuid"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:AdoptExistingLog is ''. Allowed: true or false"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:ConnectionString is not"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:Schema is 'Bad-Schema'. Allowed: ^"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:HeartbeatsTable is 'x\n'"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:EventTable is not known"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:MigrateOnStart is 'maybe'. Allowed: true or false"));
        Assert.That(e.Message, Does.Contain("Orchestrator:PostgreSql:EventsTable and Orchestrator:PostgreSql:WorkersTable are both 'events'"));
        Assert.That(e.Message, Does.Not.Contain("hidden"), "a connection string may hold a password");
    }

    [Test]
    public void Validate_OfATableNamedAsAnothersIndex_Fails()
    {
        var options = new PostgreSqlOptions { ConnectionString = Some, WorkersTable = "events_event_id_key" };

        ValidateOptionsResult result = new PostgreSqlOptionsValidator().Validate(null, options);

        Assert.That(result.FailureMessage, Does.Contain("'events_event_id_key'"));
    }

    [Test]
    public async Task AddPostgreSqlEventStore_Alone_RegistersNoHostedService()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPostgreSqlEventStore(Some);
        using IHost host = builder.Build();

        Assert.That(host.Services.GetServices<IHostedService>(), Is.Empty);
        Assert.That(host.Services.GetRequiredService<IEventStore>(), Is.Not.Null);
        await host.StartAsync();
        await host.StopAsync();
    }

    [Test]
    public async Task StartAsync_WithoutAConnectionStringOrADataSource_NamesBothWays()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql());
        using IHost host = builder.Build();

        OptionsValidationException e = (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync()))!;

        Assert.That(e.Message, Does.Contain("No NpgsqlDataSource is among the services").And.Contain("UsePostgreSql(...) a connection string").And.Contain("Orchestrator:PostgreSql:ConnectionString"));
    }

    [Test]
    public void UsePostgreSql_ForAnotherDatabase_IsRefusedAtOnce()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(Some));
        builder.Services.AddPostgreSqlEventStore(Some + ";Maximum Pool Size=7");

        Assert.That(
            () => builder.Services.AddPostgreSqlEventStore("Host=127.0.0.1;Database=other;Username=u;Password=hidden"),
            Throws.InvalidOperationException.With.Message.Contains("'d' at 127.0.0.1:5432").And.Message.Contains("'other'").And.Message.Contains("a host of its own").And.Message.Not.Contains("hidden"));
        Assert.That(() => builder.Services.AddPostgreSqlEventStore(), Throws.InvalidOperationException.With.Message.Contains("without one"));
    }

    [Test]
    public void UseInMemory_BesideUsePostgreSql_IsRefusedAtOnce()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);

        Assert.That(
            () => builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(Some).UseInMemory()),
            Throws.InvalidOperationException.With.Message.Contains("PostgreSQL, and now in-memory"));
    }

    private static IHost Build(string? connectionString, Action<PostgreSqlOptions>? configure = null, Dictionary<string, string?>? configuration = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        foreach ((string key, string? value) in configuration ?? [])
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString, configure));
        return builder.Build();
    }
}
