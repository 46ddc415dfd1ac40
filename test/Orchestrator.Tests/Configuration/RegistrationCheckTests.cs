using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Configuration;

/// <summary>What a whole host says about what code has left out or set wrong: in the one list that it gives when it starts.</summary>
internal sealed class RegistrationCheckTests
{
    private const string NoProvider =
        "No provider is chosen for the projection orchestrator. Call AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)), or o.UseInMemory() for development and tests.";

    [Test]
    public async Task StartAsync_NoProvider_SaysBoth()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator().AddReplicaSet("main").AddProjection<ScriptedProjection>();
        using IHost host = builder.Build();

        Assert.That(await host.FaultsAtStartAsync(), Is.EqualTo(new[] { NoProvider }));
    }

    [Test]
    public async Task StartAsync_ReplicaSetWithoutProjections_SaysWhich()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory()).AddReplicaSet("main").AddProjection<ScriptedProjection>().AddReplicaSet("empty");
        using IHost host = builder.Build();

        Assert.That(await host.FaultsAtStartAsync(), Is.EqualTo(new[] { "The replica set 'empty' has no projections: call AddProjection<T>() on it, or remove it." }));
    }

    [Test]
    public async Task StartAsync_ImpossibleValuesInCode_SaysTheKeysAllTheSame()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory())
            .AddReplicaSet("main", rs => rs.PollInterval = TimeSpan.FromDays(1))
                .AddProjection<ScriptedProjection>("totals", p => p.BatchSize = 0);
        using IHost host = builder.Build();

        Assert.That(await host.FaultsAtStartAsync(), Is.EquivalentTo(new[]
        {
            "Orchestrator:ReplicaSets:main:PollInterval is 1.00:00:00. Allowed: a time span from 00:00:00.001 to 00:10:00.",
            "Orchestrator:ReplicaSets:main:Projections:totals:BatchSize is 0. Allowed: a whole number from 1 to 100000.",
        }));
    }

    [Test]
    public async Task StartAsync_FaultsOfCodeAndConfiguration_AreOneList()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orchestrator:Helth:LoopTimeout"] = "00:01:00",
            ["Orchestrator:ReplicaSets:main:BatchSize"] = "many",
            ["Orchestrator:ReplicaSets:main:Projections:totals:Retry:MaxAttempts"] = "0",
            ["Orchestrator:Health:LoopTimeout"] = "5",
        });
        builder.Services.AddHealthChecks().AddProjectionOrchestrator();
        builder.Services.AddProjectionOrchestrator().AddReplicaSet("main", rs => rs.Lanes = 65).AddProjection<ScriptedProjection>("totals").AddReplicaSet("empty");
        using IHost host = builder.Build();

        Assert.That(await host.FaultsAtStartAsync(), Is.EquivalentTo(new[]
        {
            "Orchestrator:Helth is not known. Did you mean Health?",
            "The replica set 'empty' has no projections: call AddProjection<T>() on it, or remove it.",
            NoProvider,
            "Orchestrator:ReplicaSets:main:BatchSize is 'many'. Allowed: a whole number from 1 to 100000.",
            "Orchestrator:ReplicaSets:main:Lanes is 65. Allowed: a whole number from 1 to 64.",
            "Orchestrator:ReplicaSets:main:Projections:totals:Retry:MaxAttempts is 0. Allowed: a whole number from 1 to 1000.",
            "Orchestrator:Health:LoopTimeout is '5'. Allowed: a time span from 00:00:01 to 01:00:00. Write 00:00:05 for five seconds.",
        }));
    }

    [Test]
    public async Task StartAsync_NoReplicaSet_StartsAndWarns()
    {
        using var loggers = new RecordingLoggers();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ILoggerFactory>(loggers).AddProjectionOrchestrator(o => o.UseInMemory());
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(loggers.With(1201).Select(entry => entry.Message), Is.EqualTo(new[]
        {
            "This process runs no projections: it has an orchestrator without a replica set. Call AddReplicaSet(...).AddProjection<T>()",
        }));
    }

    [Test]
    public void Add_NameTakenEmptyOrTooLong_SaysWhatIsAllowed()
    {
        IServiceCollection services = Host.CreateEmptyApplicationBuilder(null).Services;
        string tooLong = new('x', 201);

        Assert.That(
            () => services.AddProjectionOrchestrator().AddReplicaSet("main").AddProjection<ScriptedProjection>().AddProjection<ScriptedProjection>(),
            Throws.ArgumentException.With.Message.StartsWith(
                "The replica set 'main' already has a projection 'ScriptedProjection'. A name is the key of a projection's checkpoints: give one of the two another."));
        Assert.That(
            () => services.AddProjectionOrchestrator().AddReplicaSet(""),
            Throws.ArgumentException.With.Message.StartsWith("A replica set's name has 1 to 100 characters, not '' (0)."));
        Assert.That(
            () => services.AddProjectionOrchestrator().AddReplicaSet("main").AddProjection<ScriptedProjection>(tooLong),
            Throws.ArgumentException.With.Message.StartsWith($"A projection's name has 1 to 200 characters, not '{tooLong}' (201)."));
    }
}
