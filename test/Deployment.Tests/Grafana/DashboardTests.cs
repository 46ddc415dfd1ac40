using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Testing.Shared;

namespace Deployment.Tests.Grafana;

/// <summary>The dashboard asks only for what is there, in queries that Prometheus can read.</summary>
public sealed class DashboardTests
{
    private static readonly JsonNode Dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "examples", "Grafana", "dashboard.json")))!;

    private static JsonNode[] Everything => NodesOf(Dashboard["panels"]);

    private static JsonNode[] Panels => [.. Everything.Where(panel => (string?)panel["type"] != "row")];

    private static string[] Queries =>
        [.. Panels.SelectMany(panel => NodesOf(panel["targets"])).Concat(NodesOf(Dashboard["annotations"]?["list"])).Select(query => (string?)query["expr"] ?? "")];

    [Test]
    public void Metrics_NamedAnywhere_Exist() => Assert.That(MetricNames.UnknownIn(Dashboard.ToJsonString()), Is.Empty);

    [Test]
    public void Panels_EachOne_HasAQueryATitleAndAPlaceOfItsOwn() => Assert.Multiple(() =>
    {
        Assert.That(Panels, Is.Not.Empty);
        Assert.That(Panels.Where(panel => NodesOf(panel["targets"]).Length == 0 || string.IsNullOrEmpty((string?)panel["title"])), Is.Empty);
        Assert.That(Everything.Select(panel => (int?)panel["id"]), Is.Unique);
        Assert.That(Everything.Select(panel => ((int?)panel["gridPos"]?["x"], (int?)panel["gridPos"]?["y"])), Is.Unique);
    });

    [Test]
    public async Task Queries_EachOne_IsReadByPrometheus()
    {
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"dashboard-{Guid.NewGuid():N}.yaml");
        var rules = new { groups = new[] { new { name = "dashboard", rules = Queries.Select((query, index) => new { record = $"query:{index}", expr = Concrete(query) }) } } };
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rules));
        try
        {
            Tool check = await Tool.RunAsync("promtool", "check", "rules", file);

            Assert.That(check.ExitCode, Is.Zero, check.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static JsonNode[] NodesOf(JsonNode? list) => [.. list?.AsArray().OfType<JsonNode>() ?? []];

    // As Grafana does before it asks.
    private static string Concrete(string query) => query
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
        .Replace("$replica_set", ".*", StringComparison.Ordinal)
        .Replace("$projection", ".*", StringComparison.Ordinal);
}
