using System.Reflection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Health;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Documentation;

/// <summary>The tables of docs/configuration.md say what the code does. A failure shows the row to paste.</summary>
public sealed class ConfigurationPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "configuration.md"));

    private static IEnumerable<string> ReplicaSetRows => RowsOf(ReplicaSetSettings.All, new ReplicaSetOptions());

    private static IEnumerable<string> ProjectionRows => RowsOf(ProjectionSettings.All, new ProjectionOptions());

    private static IEnumerable<string> HealthRows => RowsOf(HealthSettings.All, new OrchestratorHealthOptions());

    private static IEnumerable<TestCaseData> PostgreSqlOptionsWithDefaults => typeof(PostgreSqlOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(property => new TestCaseData(property.Name, property.GetValue(new PostgreSqlOptions())));

    [TestCaseSource(nameof(ReplicaSetRows))]
    public void ReplicaSets_EveryOption_HasItsRow(string row) => Assert.That(Section("## Replica sets"), Has.Exactly(1).EqualTo(row));

    [TestCaseSource(nameof(ProjectionRows))]
    public void Projections_EveryOption_HasItsRow(string row) => Assert.That(Section("## Projections"), Has.Exactly(1).EqualTo(row));

    [TestCaseSource(nameof(HealthRows))]
    public void Health_EveryOption_HasItsRow(string row) => Assert.That(Section("## Health"), Has.Exactly(1).EqualTo(row));

    [TestCaseSource(nameof(PostgreSqlOptionsWithDefaults))]
    public void PostgreSql_EveryOption_HasARowWithItsDefault(string key, object? value)
    {
        string? row = Section("## PostgreSQL").SingleOrDefault(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));

        Assert.That(row, Is.Not.Null, "no row, or several");
        Assert.That(row, value is null ? Is.Not.Empty : Does.Contain($"| `{SettingText.Of(value)}` |"));
    }

    [Test]
    public void Tables_EveryRow_IsOfAnOption()
    {
        string[] known =
        [
            .. ReplicaSetSettings.All.Select(setting => setting.Key),
            .. ProjectionSettings.All.Select(setting => setting.Key),
            .. HealthSettings.All.Select(setting => setting.Key),
            .. typeof(PostgreSqlOptions).GetProperties().Select(property => property.Name),
        ];

        Assert.That(Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]), Is.SubsetOf(known));
    }

    private static IEnumerable<string> RowsOf<TOptions>(IReadOnlyList<Setting<TOptions>> settings, TOptions defaults) =>
        settings.Select(setting => $"| `{setting.Key}` | {setting.Meaning} | {setting.Unit} | {setting.Show(defaults)} | {setting.Allowed} | {(setting.Reloads ? "at once" : "next start")} |");

    private static IEnumerable<string> Section(string heading) =>
        Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
}
