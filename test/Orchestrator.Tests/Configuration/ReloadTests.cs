using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Health;
using Orchestrator.Testing.Shared;
using Orchestrator.Tests.Processing;

namespace Orchestrator.Tests.Configuration;

/// <summary>A real file that is written anew while a real host runs.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReloadTests : IDisposable
{
    private const string Main = "ReplicaSets:main";

    private readonly SettingsFile _file = new();

    [Test]
    public async Task BatchSize_Changed_TakesEffectWithTheNextBatch()
    {
        _file.Write(($"{Main}:BatchSize", "2"));
        using IHost host = _file.CreateHost(orchestrator => orchestrator.AddReplicaSet("main").AddProjection<ScriptedBatchProjection>("totals"));
        await host.StartAsync();
        await AppendAsync(host, "before");
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Script.Applied().Count == 40), "everything is applied");
        Assert.That(_file.Script.BatchSizes.Max(), Is.EqualTo(2));

        _file.Write(($"{Main}:BatchSize", "5"));
        await SaidAsync(1204, "The configuration has changed: Orchestrator:ReplicaSets:main:BatchSize is now 5; it was 2");
        await AppendAsync(host, "after");
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Script.Applied().Count == 80), "everything is applied");
        Assert.That(_file.Script.BatchSizes.Max(), Is.EqualTo(5));
        await host.StopAsync();
    }

    [Test]
    public async Task EveryReloadingSetting_Changed_IsInForceAndSaid()
    {
        using IHost host = CreateHost();
        await host.StartAsync();
        LiveReplicaSet live = host.Services.GetRequiredService<LiveSettings>().Of("main");
        _file.Write(
            ($"{Main}:PollInterval", "00:00:09"),
            ($"{Main}:MaxBatchDuration", "00:00:08"),
            ($"{Main}:Retry:MaxAttempts", "7"),
            ($"{Main}:Retry:MaxDelay", "00:00:06"),
            ($"{Main}:Projections:totals:BatchSize", "11"),
            ($"{Main}:Projections:totals:MaxConcurrency", "6"),
            ($"{Main}:Projections:totals:Retry:InitialDelay", "00:00:05"),
            ("Health:LoopTimeout", "00:00:04"));
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Loggers.With(1204).Count == 8), "each change is said");

        Assert.That(live.Tuning.Value.PollInterval, Is.EqualTo(TimeSpan.FromSeconds(9)));
        Assert.That(
            live.Of("totals").Tuning.Value,
            Is.EqualTo(new ProjectionTuning(11, TimeSpan.FromSeconds(8), new RetryPolicy(7, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6), 0.2)) { MaxConcurrency = 6 }));
        Assert.That(host.Services.GetRequiredService<WatchedSection<OrchestratorHealthOptions>>().Latest.LoopTimeout, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(_file.Loggers.With(1205), Is.Empty);
        await host.StopAsync();
    }

    [Test]
    public async Task OtherSettings_Changed_StayAndAreNamed()
    {
        using IHost host = CreateHost();
        await host.StartAsync();
        LiveReplicaSet live = host.Services.GetRequiredService<LiveSettings>().Of("main");
        _file.Write(($"{Main}:Lanes", "4"), ($"{Main}:Projections:totals:UnknownEvents", "Refuse"));
        await SaidAsync(1205, "The configuration has changed: Orchestrator:ReplicaSets:main:Lanes is 4. This takes effect with the next start; until then it stays 1");
        await SaidAsync(1205, "The configuration has changed: Orchestrator:ReplicaSets:main:Projections:totals:UnknownEvents is Refuse. This takes effect with the next start; until then it stays Ignore");
        Assert.That(live.Section.AtStart.Lanes, Is.EqualTo(1));

        _file.Write(($"{Main}:Lanes", "5"), ($"{Main}:Projections:totals:UnknownEvents", "Refuse"));
        await SaidAsync(1205, "The configuration has changed: Orchestrator:ReplicaSets:main:Lanes is 5. This takes effect with the next start; until then it stays 1");
        Assert.That(_file.Loggers.With(1205), Has.Count.EqualTo(3), "what has not changed again is not said again");
        await host.StopAsync();
    }

    [Test]
    public async Task Faults_InOneSection_KeepEverythingAsItWasAndAreSaidAsAtStart()
    {
        using IHost host = CreateHost();
        await host.StartAsync();
        LiveReplicaSet live = host.Services.GetRequiredService<LiveSettings>().Of("main");
        ProjectionTuning before = live.Of("totals").Tuning.Value;
        _file.Write(($"{Main}:BatchSize", "7"), ($"{Main}:PollInterval", "5"), ($"{Main}:Projections:totals:Retry:MaxAttempts", "0"), ("Helth:LoopTimeout", "x"));
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Loggers.With(1206).Count == 1), "it is refused");
        string said = _file.Loggers.With(1206)[0].Message;

        Assert.That(said, Does.StartWith("The configuration has changed and is refused; everything stays as it was. "));
        Assert.That(said, Does.Contain("Orchestrator:Helth is not known. Did you mean Health?"));
        Assert.That(said, Does.Contain("Orchestrator:ReplicaSets:main:PollInterval is '5'. Allowed: a time span from 00:00:00.001 to 00:10:00. Write 00:00:05 for five seconds."));
        Assert.That(said, Does.Contain("Orchestrator:ReplicaSets:main:Projections:totals:Retry:MaxAttempts is 0. Allowed: a whole number from 1 to 1000."));
        Assert.That(live.Of("totals").Tuning.Value, Is.SameAs(before), "not even what was valid");

        _file.Write(($"{Main}:BatchSize", "7"));
        await SaidAsync(1204, "The configuration has changed: Orchestrator:ReplicaSets:main:BatchSize is now 7; it was 1000");
        Assert.That(live.Of("totals").Tuning.Value.BatchSize, Is.EqualTo(7));
        await host.StopAsync();
    }

    [Test]
    public async Task File_ThatIsNoJson_ChangesNothingUntilItIs()
    {
        _file.Write(($"{Main}:BatchSize", "7"));
        using IHost host = CreateHost();
        await host.StartAsync();
        LiveReplicaSet live = host.Services.GetRequiredService<LiveSettings>().Of("main");
        IConfiguration configuration = host.Services.GetRequiredService<IConfiguration>();
        _file.WriteBroken();
        await Eventually.HoldsAsync(() => Task.FromResult(configuration["Orchestrator:ReplicaSets:main:BatchSize"] is null), "the file is read, and its settings are lost to .NET");
        Assert.That(live.Of("totals").Tuning.Value.BatchSize, Is.EqualTo(7));

        _file.Write(($"{Main}:BatchSize", "8"));
        await SaidAsync(1204, "The configuration has changed: Orchestrator:ReplicaSets:main:BatchSize is now 8; it was 7");
        await host.StopAsync();
    }

    [Test]
    public async Task SectionOfNobody_Added_IsWarnedOfOnce()
    {
        using IHost host = CreateHost();
        await host.StartAsync();
        _file.Write(("ReplicaSets:mian:BatchSize", "5"));
        await SaidAsync(1200, "Configuration: Orchestrator:ReplicaSets:mian has no effect: this application registers no replica set 'mian'. Did you mean 'main'?");
        _file.Write(("ReplicaSets:mian:BatchSize", "5"), ($"{Main}:BatchSize", "5"));
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Loggers.With(1204).Count == 1), "the next change is taken over");

        Assert.That(_file.Loggers.With(1200), Has.Count.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task CodeOfTheApplication_ThrowsDuringAReload_IsLoggedAndChangesNothing()
    {
        bool failing = false;
        using IHost host = _file.CreateHost(orchestrator =>
            orchestrator.AddReplicaSet("main", _ => ThrowIf(failing)).AddProjection<ScriptedProjection>("totals"));
        await host.StartAsync();
        failing = true;
        _file.Write(($"{Main}:BatchSize", "5"));
        await Eventually.HoldsAsync(() => Task.FromResult(_file.Loggers.With(1207).Count > 0), "it is logged");

        Assert.That(_file.Loggers.With(1207)[0].Exception, Is.TypeOf<FormatException>());
        Assert.That(host.Services.GetRequiredService<LiveSettings>().Of("main").Of("totals").Tuning.Value.BatchSize, Is.EqualTo(1_000));
        await host.StopAsync();
    }

    public void Dispose() => _file.Dispose();

    private static void ThrowIf(bool failing)
    {
        if (failing)
        {
            throw new FormatException("the application's own");
        }
    }

    private static async Task AppendAsync(IHost host, string prefix) => await host.Services.GetRequiredService<IEventStore>().AppendBulkAsync(
        [.. Enumerable.Range(0, 40).Select(id => new AggregateAppend("Thing", $"{prefix}-{id}", ExpectedVersion.NoStream, [new EventData("Happened", "{}"u8.ToArray())]))]);

    private IHost CreateHost() => _file.CreateHost(orchestrator =>
    {
        orchestrator.AddReplicaSet("main").AddProjection<ScriptedProjection>("totals");
        orchestrator.Services.AddHealthChecks().AddProjectionOrchestrator();
    });

    private Task SaidAsync(int eventId, string message) =>
        Eventually.HoldsAsync(() => Task.FromResult(_file.Loggers.With(eventId).Any(entry => entry.Message == message)), $"{message} Said: {string.Join("; ", _file.Loggers.With(eventId).Select(entry => entry.Message))}");
}
