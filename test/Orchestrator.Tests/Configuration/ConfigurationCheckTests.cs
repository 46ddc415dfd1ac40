using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Projections;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Configuration;

/// <summary>What a whole host says about its configuration when it starts.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ConfigurationCheckTests : IDisposable
{
    private const string Main = "Orchestrator:ReplicaSets:main";

    private readonly RecordingLoggers _loggers = new();

    [TestCase("Orchestrator:ReplicaSet:main:BatchSize", "5", "Orchestrator:ReplicaSet is not known. Did you mean ReplicaSets?")]
    [TestCase("Orchestrator:Nonsense", "5", "Orchestrator:Nonsense is not known. Allowed: ReplicaSets, ")]
    [TestCase($"{Main}:BatchSiz", "5", $"{Main}:BatchSiz is not known. Did you mean BatchSize?")]
    [TestCase($"{Main}:Nonsense", "5", $"{Main}:Nonsense is not known. Allowed: ")]
    [TestCase($"{Main}:Retry:MaxAttempt", "5", $"{Main}:Retry:MaxAttempt is not known. Did you mean MaxAttempts?")]
    [TestCase($"{Main}:Retry", "5", $"{Main}:Retry is '5'. Allowed: a section with MaxAttempts, InitialDelay, MaxDelay, JitterFactor.")]
    [TestCase($"{Main}:BatchSize", "abc", $"{Main}:BatchSize is 'abc'. Allowed: a whole number from 1 to 100000.")]
    [TestCase($"{Main}:BatchSize", "", $"{Main}:BatchSize is ''. Allowed: a whole number from 1 to 100000.")]
    [TestCase($"{Main}:BatchSize:Nested", "5", $"{Main}:BatchSize is a section. Allowed: a whole number from 1 to 100000.")]
    [TestCase($"{Main}:BatchSize", "0", $"{Main}:BatchSize is 0. Allowed: a whole number from 1 to 100000.")]
    [TestCase($"{Main}:PollInterval", "soon", $"{Main}:PollInterval is 'soon'. Allowed: a time span from 00:00:00.001 to 00:10:00. Write 00:00:05 for five seconds.")]
    [TestCase($"{Main}:PollInterval", "5", $"{Main}:PollInterval is '5'. Allowed: a time span from 00:00:00.001 to 00:10:00. Write 00:00:05 for five seconds.")]
    [TestCase($"{Main}:PollInterval", "5:00", $"{Main}:PollInterval is 05:00:00. Allowed: a time span from 00:00:00.001 to 00:10:00.")]
    [TestCase($"{Main}:RegistrationWaitTime", "0", $"{Main}:RegistrationWaitTime is '0'. Allowed: a time span from 00:00:00 to 00:05:00. Write 00:00:05 for five seconds.")]
    [TestCase($"{Main}:Projections:totals:Retry:MaxDelay", "1.5", $"{Main}:Projections:totals:Retry:MaxDelay is '1.5'. Allowed: a time span from 00:00:00 to 01:00:00. Write 00:00:05 for five seconds.")]
    [TestCase($"{Main}:Projections:totals:Retry:InitialDelay", "00:00:10", $"{Main}:Projections:totals:Retry:MaxDelay is 00:00:03. Allowed: at least Retry:InitialDelay (00:00:10).")]
    [TestCase($"{Main}:Retry:JitterFactor", "much", $"{Main}:Retry:JitterFactor is 'much'. Allowed: a number from 0 to 1.")]
    [TestCase($"{Main}:Projections:totals:PageSize", "5", $"{Main}:Projections:totals:PageSize is not known. Allowed: BatchSize, ")]
    [TestCase($"{Main}:Projections:totals:BatchSize", "1e3", $"{Main}:Projections:totals:BatchSize is '1e3'. Allowed: a whole number from 1 to 100000.")]
    [TestCase($"{Main}:Projections:totals:EventTypes", "Placed", $"{Main}:Projections:totals:EventTypes is 'Placed'. Allowed: a list of names.")]
    public async Task StartAsync_OneFault_SaysWhereWhatAndWhatIsAllowed(string key, string value, string message)
    {
        using IHost host = Build((key, value));
        Assert.That(await host.FaultsAtStartAsync(), Has.Exactly(1).Items.And.Exactly(1).StartsWith(message));
    }

    [Test]
    public async Task StartAsync_FaultsEverywhere_ReportsAllAtOnce()
    {
        using IHost host = Build(
            ("Orchestrator:Nonsense:Key", "hidden"),
            ($"{Main}:Nonsense", "hidden"),
            ($"{Main}:BatchSize", "abc"),
            ($"{Main}:PageSize", "0"),
            ($"{Main}:Projections:totals:Retry:Nonsense", "hidden"),
            ($"{Main}:Projections:totals:BatchSize", "-1"));

        IReadOnlyList<string> faults = await host.FaultsAtStartAsync();
        Assert.That(faults, Has.Exactly(6).Items);
        Assert.That(faults, Has.None.Contains("hidden"), "nobody knows what an unknown key holds");
    }

    [Test]
    public async Task StartAsync_ValueThatCannotBeRead_IsNotHeldAgainstTheOthers()
    {
        using IHost host = Build(($"{Main}:HeartbeatInterval", "1s"), ($"{Main}:StaleWorkerTimeout", "00:00:10"));
        Assert.That(await host.FaultsAtStartAsync(), Has.Exactly(1).Items.And.Exactly(1).Contains("HeartbeatInterval is '1s'"), "ten seconds may well be four of the heartbeats that were meant");
    }

    [Test]
    public async Task StartAsync_SectionsOfOthers_StartsAndWarnsWithANearName()
    {
        using IHost host = Build(("Orchestrator:ReplicaSets:mian:BatchSize", "5"), ($"{Main}:Projections:total:BatchSize", "5"), ("Orchestrator:ReplicaSets:billing:BatchSize", "5"));
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(_loggers.With(1200).Select(entry => (entry.Level, entry.Message)), Is.EquivalentTo(new[]
        {
            (LogLevel.Warning, "Configuration: Orchestrator:ReplicaSets:mian has no effect: this application registers no replica set 'mian'. Did you mean 'main'?"),
            (LogLevel.Warning, "Configuration: Orchestrator:ReplicaSets:billing has no effect: this application registers no replica set 'billing'."),
            (LogLevel.Warning, $"Configuration: {Main}:Projections:total has no effect: this application registers no projection 'total'. Did you mean 'totals'?"),
        }));
    }

    [Test]
    public async Task StartAsync_EverythingKnown_StartsInSilence()
    {
        using IHost host = Build(
            ("orchestrator:replicasets:MAIN:batchsize", "5"),
            ($"{Main}:Retry:MaxAttempts", "2"),
            ($"{Main}:Projections:totals:EventTypes:0", "Placed"),
            ($"{Main}:Projections:totals:AggregateTypes", ""),
            ("Orchestrator:PostgreSql:Schema", "another provider's"));
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(_loggers.With(1200), Is.Empty);
        Assert.That(host.Services.GetRequiredService<IOptionsMonitor<ReplicaSetOptions>>().Get("main").BatchSize, Is.EqualTo(5));
    }

    public void Dispose() => _loggers.Dispose();

    private IHost Build(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        builder.Services.AddSingleton<ILoggerFactory>(_loggers);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory()).AddReplicaSet("main").AddProjection<Totals>("totals");
        return builder.Build();
    }

    private sealed class Totals : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
