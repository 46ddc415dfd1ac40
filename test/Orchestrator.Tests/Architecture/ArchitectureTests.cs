using System.Reflection;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Architecture;

/// <summary>The rules of the house that a reader may rely on: docs/architecture.md.</summary>
public sealed partial class ArchitectureTests
{
    private const int MostLines = 370;

    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Orchestrator.Abstractions"] = [],
        ["Orchestrator.EntityFrameworkCore"] = ["Orchestrator.Abstractions"],
        ["Orchestrator.Hosting"] = ["Orchestrator.Abstractions"],
        ["Orchestrator.AspNetCore"] = ["Orchestrator.Hosting", "Orchestrator.Abstractions"],
        ["Orchestrator.PostgreSql"] = ["Orchestrator.Hosting", "Orchestrator.Abstractions"],
        ["Orchestrator.Cli"] = ["Orchestrator.PostgreSql", "Orchestrator.Hosting", "Orchestrator.Abstractions"],
        ["Orchestrator.Workflows"] = ["Orchestrator.Hosting", "Orchestrator.Abstractions"],
        ["Orchestrator.Workflows.PostgreSql"] = ["Orchestrator.Workflows", "Orchestrator.PostgreSql", "Orchestrator.Hosting", "Orchestrator.Abstractions"],
        ["Orchestrator.Testing"] = ["Orchestrator.PostgreSql", "Orchestrator.Hosting", "Orchestrator.Abstractions"],
    };

    private static IEnumerable<SourceProject> Projects => Repository.Projects;

    [TestCaseSource(nameof(Projects))]
    public void ProjectReferences_OfALibrary_PointOneWay(SourceProject project) =>
        Assert.That(project.References, Is.SubsetOf(AllowedFor(project)));

    [TestCaseSource(nameof(Projects))]
    public void AssemblyReferences_OfALibrary_PointOneWay(SourceProject project)
    {
        IEnumerable<string> referenced = ReferencedBy(project).Where(name => name.StartsWith("Orchestrator", StringComparison.OrdinalIgnoreCase));

        Assert.That(referenced, Is.SubsetOf(AllowedFor(project)));
    }

    [TestCase("Orchestrator.Abstractions")]
    [TestCase("Orchestrator.EntityFrameworkCore")]
    [TestCase("Orchestrator.AspNetCore")]
    [TestCase("Orchestrator.Hosting")]
    [TestCase("Orchestrator.Workflows")]
    public void AssemblyReferences_BelowPostgreSql_KnowNoDatabaseDriver(string name) =>
        Assert.That(ReferencedBy(Projects.Single(project => project.Name == name)), Has.None.EqualTo("Npgsql").And.None.EqualTo("Dapper"));

    [Test]
    public void AssemblyReferences_OfAbstractions_AreTheFrameworkAlone() =>
        Assert.That(ReferencedBy(Projects.Single(project => project.Name == "Orchestrator.Abstractions")), Has.All.StartsWith("System."));

    // The test kit is let off: creating and dropping databases is its work.
    [Test]
    public void Sources_OutsidePostgreSql_HoldNoSql()
    {
        IEnumerable<string> guilty =
            from project in Projects
            where project.Name is not ("Orchestrator.PostgreSql" or "Orchestrator.Testing")
            from file in Repository.CSharpFiles(project.Folder)
            from line in File.ReadLines(file)
            where Sql().IsMatch(line)
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}";

        Assert.That(guilty, Is.Empty);
    }

    [Test]
    public void Sources_OfEveryLibrary_StayShort()
    {
        IEnumerable<string> guilty =
            from file in Repository.CSharpFiles(Repository.SourceFolder)
            let lines = File.ReadLines(file).Count()
            where lines > MostLines
            select $"{Path.GetRelativePath(Repository.Root, file)}: {lines} lines";

        Assert.That(guilty, Is.Empty);
    }

    // A simulator drives the awaits of Orchestrator.Hosting through the ambient scheduler; these would leave it for the thread pool.
    [Test]
    public void Sources_OfHosting_AwaitOnTheAmbientScheduler()
    {
        SourceProject hosting = Projects.Single(project => project.Name == "Orchestrator.Hosting");

        Assert.That(Repository.CSharpFiles(hosting.Folder).Where(file => File.ReadAllText(file) is var text && (text.Contains(".ConfigureAwait(false)", StringComparison.Ordinal) || text.Contains("Task.Run(", StringComparison.Ordinal) || text.Contains("Task.WhenAny(", StringComparison.Ordinal) || text.Contains("CancelAsync(", StringComparison.Ordinal))), Is.Empty);
    }

    private static string[] AllowedFor(SourceProject project) =>
        MayReference.TryGetValue(project.Name, out string[]? allowed) ? allowed : throw new AssertionException($"{project} is new: say here what it may reference.");

    private static IEnumerable<string> ReferencedBy(SourceProject project) =>
        Assembly.Load(project.AssemblyName).GetReferencedAssemblies().Select(name => name.Name!);

    [GeneratedRegex("\"\\s*(SELECT\\s|INSERT\\s+INTO\\s|UPDATE\\s+\\S+\\s+SET\\s|DELETE\\s+FROM\\s|WITH\\s+\\w+\\s+AS\\s|(CREATE|ALTER|DROP)\\s+(TABLE|INDEX|SCHEMA|FUNCTION)\\s)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sql();
}
