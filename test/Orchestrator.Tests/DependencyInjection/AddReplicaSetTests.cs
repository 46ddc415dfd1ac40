using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Projections;

namespace Orchestrator.Tests.DependencyInjection;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AddReplicaSetTests
{
    private const string Section = "Orchestrator:ReplicaSets:main";

    private readonly HostApplicationBuilder _host = Host.CreateEmptyApplicationBuilder(null);
    private readonly IOrchestratorBuilder _builder;

    public AddReplicaSetTests() => _builder = _host.Services.AddProjectionOrchestrator(o => o.UseInMemory());

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("a\0b")]
    [TestCase("a\u001b[2J")]
    [TestCase(null)]
    public void AddReplicaSet_NoName_Throws(string? name) => Assert.That(() => _builder.AddReplicaSet(name!), Throws.ArgumentException.With.Message.Contains("replica set"));

    // No test case: an attribute cannot hold half a character.
    [Test]
    public void AddReplicaSet_HalfACharacter_Throws() => Assert.That(() => _builder.AddReplicaSet("half \ud83d"), Throws.ArgumentException.With.Message.Contains("replica set"));

    [Test]
    public void AddReplicaSet_NameTooLong_Throws()
    {
        Assert.That(() => _builder.AddReplicaSet(new string('x', 100)), Throws.Nothing);
        Assert.That(() => _builder.AddReplicaSet(new string('x', 101)), Throws.ArgumentException.With.Message.Contains("100"));
    }

    [Test]
    public void AddProjection_NameTooLong_Throws()
    {
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<Plain>(new string('x', 200)), Throws.Nothing);
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<Plain>(new string('x', 201)), Throws.ArgumentException.With.Message.Contains("200"));
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<Plain>(""), Throws.ArgumentException.With.Message.Contains("projection"));
    }

    [Test]
    public void Add_NameWithAColon_SaysWhyAndWhatToWrite()
    {
        Assert.That(() => _builder.AddReplicaSet("a:b"), Throws.ArgumentException.With.Message.StartsWith(
            "A replica set's name has no colon, and 'a:b' has one: it separates the keys of a configuration, so that no setting could reach this replica set. Write 'a-b', for instance."));
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<Plain>("a:b"), Throws.ArgumentException.With.Message.StartsWith("A projection's name has no colon"));
    }

    [Test]
    public void AddProjection_NameTaken_Throws()
    {
        IReplicaSetBuilder replicaSet = _builder.AddReplicaSet("main").AddProjection<Plain>("totals");

        Assert.That(() => replicaSet.AddProjection<Attributed>("totals"), Throws.ArgumentException.With.Message.Contains("'totals'").And.Message.Contains("'main'"));
        Assert.That(() => replicaSet.AddReplicaSet("other").AddProjection<Plain>("totals"), Throws.Nothing, "another replica set has names of its own");
    }

    [Test]
    public void AddProjection_NoProjection_Throws() =>
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<string>(), Throws.ArgumentException.With.Message.Contains("IProjection").And.Message.Contains("IBatchProjection"));

    [Test]
    public void AddProjection_TwoKindsInOne_Throws() =>
        Assert.That(() => _builder.AddReplicaSet("main").AddProjection<Both>(), Throws.ArgumentException.With.Message.Contains("IProjection, IBatchProjection"));

    [Test]
    public void AddProjection_Name_IsTheArgumentElseTheAttributesElseTheTypes()
    {
        _builder.AddReplicaSet("main").AddProjection<Attributed>("given").AddProjection<Attributed>().AddProjection<Plain>();
        Assert.That(Registered("main"), Is.EqualTo(new[] { "given", "from-attribute", "Plain" }));
    }

    [Test]
    public void AddReplicaSet_Twice_ExtendsTheFirst()
    {
        _builder.AddReplicaSet("main", rs => rs.BatchSize = 5).AddProjection<Plain>();
        _host.Services.AddProjectionOrchestrator().AddReplicaSet("main", rs => rs.PageSize = 50).AddProjection<Attributed>();
        using IHost host = _host.Build();
        ReplicaSetOptions options = host.Services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>().Get("main");

        Assert.That(Registered("main"), Is.EqualTo(new[] { "Plain", "from-attribute" }));
        Assert.That((options.BatchSize, options.PageSize), Is.EqualTo((5, 50)));
        Assert.That(host.Services.GetServices<IHostedService>().OfType<ReplicaSetHostedService>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void AddReplicaSet_TwoHostsInOneProcess_DoNotMeet()
    {
        _builder.AddReplicaSet("main").AddProjection<Plain>();
        var others = new ServiceCollection();
        others.AddProjectionOrchestrator(o => o.UseInMemory()).AddReplicaSet("other").AddProjection<Plain>();

        Assert.That(RegistryOf(others).ReplicaSets.Select(replicaSet => replicaSet.Name), Is.EqualTo(new[] { "other" }));
        Assert.That(RegistryOf(_host.Services).ReplicaSets.Select(replicaSet => replicaSet.Name), Is.EqualTo(new[] { "main" }));
    }

    [Test]
    public void Options_CodeAndConfiguration_ConfigurationWinsWhereItSaysSomething()
    {
        Configure(($"{Section}:BatchSize", "20"), ($"{Section}:Retry:MaxAttempts", "9"), ($"{Section}:HeartbeatInterval", "00:00:02"));
        _builder.AddReplicaSet("main", rs => (rs.BatchSize, rs.PageSize, rs.Retry.MaxAttempts) = (10, 50, 3)).AddProjection<Plain>();
        using IHost host = _host.Build();
        ReplicaSetOptions options = host.Services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>().Get("main");

        Assert.That((options.BatchSize, options.PageSize, options.Retry.MaxAttempts), Is.EqualTo((20, 50, 9)));
        Assert.That(options.HeartbeatInterval, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(options.CoordinationTimeout, Is.EqualTo(new ReplicaSetOptions().CoordinationTimeout), "nobody says anything: the default");
    }

    [Test]
    public void Options_ConfiguredInCodeBehindTheRegistration_ConfigurationWinsAllTheSame()
    {
        Configure(($"{Section}:BatchSize", "20"));
        _builder.AddReplicaSet("main").AddProjection<Plain>();
        _host.Services.Configure<ReplicaSetOptions>("main", options => options.BatchSize = 10);
        using IHost host = _host.Build();

        Assert.That(host.Services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>().Get("main").BatchSize, Is.EqualTo(20));
    }

    [Test]
    public void Options_OfAProjection_ConfigurationWins()
    {
        Configure(
            ($"{Section}:Projections:totals:BatchSize", "7"),
            ($"{Section}:Projections:totals:Retry:MaxAttempts", "2"),
            ($"{Section}:Projections:totals:EventTypes:0", "FromConfiguration"));
        _builder.AddReplicaSet("main").AddProjection<Plain>("totals", p =>
        {
            p.BatchSize = 5;
            p.MaxBatchDuration = TimeSpan.FromSeconds(3);
            p.EventTypes.Add("FromCode");
            p.AggregateTypes.Add("FromCode");
        });
        using IHost host = _host.Build();
        ProjectionOptions options = host.Services.GetRequiredService<IOptionsMonitor<ProjectionOptions>>().Get($"{Section}:Projections:totals");

        Assert.That((options.BatchSize, options.MaxBatchDuration, options.Retry.MaxAttempts), Is.EqualTo((7, TimeSpan.FromSeconds(3), 2)));
        Assert.That(options.EventTypes, Is.EqualTo(new[] { "FromConfiguration" }), "an operator can take a type out again");
        Assert.That(options.AggregateTypes, Is.EqualTo(new[] { "FromCode" }));
    }

    [Test]
    public void StartAsync_FaultsInSeveralSections_ReportsAllWithTheirFullPaths()
    {
        string[] faults = [$"{Section}:BatchSize is 0", $"{Section}:PageSize is -1", $"{Section}:Projections:totals:BatchSize is 0", "Orchestrator:ReplicaSets:other:PageSize is 0"];
        Configure(($"{Section}:BatchSize", "0"), ($"{Section}:PageSize", "-1"), ($"{Section}:Projections:totals:BatchSize", "0"), ("Orchestrator:ReplicaSets:other:PageSize", "0"));
        _builder.AddReplicaSet("main").AddProjection<Plain>("totals").AddReplicaSet("other").AddProjection<Plain>();
        using IHost host = _host.Build();

        Assert.That(async () => await host.StartAsync(), Throws.Exception.With.Matches<Exception>(exception => faults.All($"{exception}".Contains)));
    }

    private static OrchestratorRegistry RegistryOf(IServiceCollection services) =>
        (OrchestratorRegistry)services.Single(descriptor => descriptor.ServiceType == typeof(OrchestratorRegistry)).ImplementationInstance!;

    private IEnumerable<string> Registered(string replicaSet) =>
        RegistryOf(_host.Services).ReplicaSets.Single(candidate => candidate.Name == replicaSet).Projections.Select(projection => projection.Name);

    private void Configure(params (string Key, string Value)[] settings) =>
        _host.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));

    private class Plain : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    [Projection("from-attribute", EventTypes = ["Happened"])]
    private sealed class Attributed : Plain;

    private sealed class Both : Plain, IBatchProjection
    {
        public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
