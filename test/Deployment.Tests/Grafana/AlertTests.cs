using Orchestrator.Testing.Shared;

namespace Deployment.Tests.Grafana;

/// <summary>The alert rules fire when they should, and otherwise not.</summary>
public sealed class AlertTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "examples", "Grafana");

    private static IEnumerable<Yaml> Rules => Yaml.Read("Grafana/alerts.yaml").List("groups").SelectMany(group => group.List("rules"));

    [Test]
    public void Metrics_NamedAnywhere_Exist()
    {
        string text = string.Concat(Directory.EnumerateFiles(Folder, "*.yaml").Select(File.ReadAllText));

        Assert.That(MetricNames.NamedIn(text), Is.Not.Empty);
        Assert.That(MetricNames.UnknownIn(text), Is.Empty);
    }

    [Test]
    public void Alerts_EachOne_IsSeenFiringAndQuiet() => Assert.Multiple(() =>
    {
        Yaml[] tests = [.. Yaml.Read("Grafana/alerts.tests.yaml").List("tests").SelectMany(test => test.List("alert_rule_test"))];
        foreach (string alert in Rules.Select(rule => rule["alert"]))
        {
            Yaml[] own = [.. tests.Where(test => test["alertname"] == alert)];
            Assert.That(own.Any(test => test.Has("exp_alerts")), Is.True, $"{alert} is never seen firing.");
            Assert.That(own.Any(test => !test.Has("exp_alerts")), Is.True, $"{alert} is never seen quiet.");
        }
    });

    [TestCase("check", "rules", "alerts.yaml")]
    [TestCase("test", "rules", "alerts.tests.yaml")]
    [TestCase("check", "config", "prometheus.yaml")]
    public async Task Files_AskedFromPromtool_HaveNoFault(string verb, string kind, string file)
    {
        Tool check = await Tool.RunAsync("promtool", verb, kind, Path.Combine(Folder, file));

        Assert.That(check.ExitCode, Is.Zero, check.Output);
    }
}
