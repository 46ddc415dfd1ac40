using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Tests.Processing;

namespace Orchestrator.Tests.Configuration;

/// <summary>Settings from every place that a real host has, and which of them wins: default, code, file, environment, command line.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SourcesTests : IDisposable
{
    // The environment is the whole process's: a name of its own keeps it from other tests.
    private const string Name = "of-every-source";

    private readonly SettingsFile _file = new();
    private readonly List<string> _variables = [];

    [Test]
    public async Task Options_FromEverySource_TheLaterOneWins()
    {
        _file.Write(($"ReplicaSets:{Name}:BatchSize", "30"), ($"ReplicaSets:{Name}:PollInterval", "00:00:03"), ($"ReplicaSets:{Name}:Lanes", "3"));
        SetVariable($"Orchestrator__ReplicaSets__{Name}__BatchSize", "40");
        SetVariable($"Orchestrator__ReplicaSets__{Name}__Lanes", "4");
        SetVariable($"Orchestrator__ReplicaSets__{Name}__Projections__totals__Retry__MaxAttempts", "4");
        SetVariable($"Orchestrator__ReplicaSets__{Name}__Projections__totals__EventTypes__0", "Happened");
        using IHost host = _file.CreateHost(
            orchestrator => orchestrator
                .AddReplicaSet(Name, rs => (rs.BatchSize, rs.PollInterval, rs.Lanes, rs.PageSize) = (20, TimeSpan.FromSeconds(2), 2, 2_000))
                    .AddProjection<ScriptedProjection>("totals", p => p.Retry.MaxAttempts = 2),
            $"--Orchestrator:ReplicaSets:{Name}:Lanes=5");
        await host.StartAsync();
        await host.StopAsync();
        ReplicaSetOptions options = host.Services.GetRequiredService<LiveSettings>().Of(Name).Section.AtStart;

        Assert.That(options.PageBytes, Is.EqualTo(new ReplicaSetOptions().PageBytes), "default");
        Assert.That(options.PageSize, Is.EqualTo(2_000), "code over default");
        Assert.That(options.PollInterval, Is.EqualTo(TimeSpan.FromSeconds(3)), "file over code");
        Assert.That(options.BatchSize, Is.EqualTo(40), "environment over file");
        Assert.That(options.Lanes, Is.EqualTo(5), "command line over environment");
        Assert.That(host.Services.GetRequiredService<LiveSettings>().Of(Name).Of("totals").Tuning.Value.Retry.MaxAttempts, Is.EqualTo(4), "environment over code");
    }

    [Test]
    public async Task StartAsync_SettingsOfManySources_LogsThoseThatDiffer()
    {
        _file.Write(($"ReplicaSets:{Name}:BatchSize", "30"), ($"ReplicaSets:{Name}:PollInterval", "00:00:01"), ($"ReplicaSets:{Name}:Projections:totals:BatchSize", "3"));
        using IHost host = _file.CreateHost(orchestrator => orchestrator
            .AddReplicaSet(Name, rs => rs.Lanes = 2)
                .AddProjection<ScriptedProjection>("totals", p => p.Retry.MaxAttempts = 2).AddProjection<ScriptedProjection>("plain")
            .AddReplicaSet("plain").AddProjection<ScriptedProjection>());
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(_file.Loggers.With(1202).Select(entry => entry.Message), Is.EqualTo(new[]
        {
            $"Settings of replica set {Name}: Lanes = 2 (code), BatchSize = 30 (configuration)",
            "Settings of replica set plain: all as by default",
        }));
        Assert.That(_file.Loggers.With(1203).Select(entry => entry.Message), Is.EqualTo(new[]
        {
            $"Settings of projection totals of replica set {Name}: BatchSize = 3 (configuration), Retry:MaxAttempts = 2 (code)",
        }));
    }

    public void Dispose()
    {
        _variables.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        _file.Dispose();
    }

    private void SetVariable(string name, string value)
    {
        _variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
