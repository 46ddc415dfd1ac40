using System.Reflection;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.Tests.Architecture;
using Orchestrator.Workflows;

namespace Orchestrator.Tests.Documentation;

/// <summary>docs/logs.md has every message, as the code has it.</summary>
public sealed class LogsPageTests
{
    private static readonly Dictionary<int, string[]> Rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "logs.md"))
        .Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries))
        .Where(cells => int.TryParse(cells[0], out _))
        .ToDictionary(cells => int.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<TestCaseData> Messages => All.Select(message => new TestCaseData(message).SetArgDisplayNames($"{message.EventId}"));

    private static LoggerMessageAttribute[] All => [.. Hosting, .. PostgreSql, .. Workflows];

    private static LoggerMessageAttribute[] Hosting => MessagesOf(typeof(ReplicaSetOptions).Assembly);

    private static LoggerMessageAttribute[] PostgreSql => MessagesOf(typeof(PostgreSqlOptions).Assembly);

    private static LoggerMessageAttribute[] Workflows => MessagesOf(typeof(WorkflowOptions).Assembly);

    [TestCaseSource(nameof(Messages))]
    public void Page_EveryMessage_HasARowWithItsLevelAndText(LoggerMessageAttribute message)
    {
        string[]? row = Rows.GetValueOrDefault(message.EventId);

        Assert.That(row, Is.Not.Null, $"no row: | {message.EventId} | {message.Level} | `{message.Message}` |  |");
        Assert.That(row, Has.Length.EqualTo(4));
        Assert.That(row[1], message.Level == LogLevel.None ? Does.EndWith(", then Debug") : Is.EqualTo(message.Level.ToString()));
        Assert.That(row[2], Is.EqualTo($"`{message.Message}`"));
        Assert.That(row[3], Does.Match(@"^\p{Lu}.*\.$"), "what it means and what to do, in sentences");
    }

    [Test]
    public void Page_EveryRow_IsOfAMessage() => Assert.That(Rows.Keys, Is.EquivalentTo(All.Select(message => message.EventId)));

    [Test]
    public void EventIds_AreUniqueAndInTheirAssemblysBlock()
    {
        Assert.That(All.Select(message => message.EventId), Is.Unique);
        Assert.That(Hosting.Select(message => message.EventId), Is.All.InRange(1000, 2999));
        Assert.That(PostgreSql.Select(message => message.EventId), Is.All.InRange(3000, 5999));
        Assert.That(Workflows.Select(message => message.EventId), Is.All.InRange(6000, 6999));
    }

    [Test]
    public void Messages_OfEveryAssembly_AreFound() => Assert.That(new[] { Hosting.Length, PostgreSql.Length, Workflows.Length }, Is.All.GreaterThan(5));

    private static LoggerMessageAttribute[] MessagesOf(Assembly assembly) =>
    [
        .. assembly.GetTypes().Single(type => type.Name == "Log").GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];
}
