using System.Reflection;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.PublicApi;

/// <summary>What users can see of each library stands in a text file, so that no change of it goes unnoticed.</summary>
public sealed class PublicApiTests
{
    private const string RewriteVariable = "ORCHESTRATOR_REWRITE_PUBLIC_API";

    private static IEnumerable<SourceProject> Projects => Repository.Projects;

    [TestCaseSource(nameof(Projects))]
    public void PublicApi_OfALibrary_IsWhatTheFileSays(SourceProject project)
    {
        string file = Path.Combine(Repository.Root, "test", "Orchestrator.Tests", "PublicApi", project.Name + ".txt");
        string[] actual = [.. PublicApiWriter.Describe(Assembly.Load(project.AssemblyName))];
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllLines(file, actual);
        }

        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        Assert.That(
            Difference(expected, actual),
            Is.Empty,
            $"The public surface of {project} has changed. If that is meant, run the tests once with {RewriteVariable}=1 and commit the file.");
    }

    [Test]
    public void Files_WithoutALibrary_AreGone()
    {
        IEnumerable<string?> files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "test", "Orchestrator.Tests", "PublicApi"), "*.txt").Select(Path.GetFileNameWithoutExtension);

        Assert.That(files, Is.EquivalentTo(Projects.Select(project => project.Name)));
    }

    // A type's line gives its members their meaning, so each member is compared together with it.
    private static IEnumerable<string> Difference(string[] expected, string[] actual)
    {
        string[] before = [.. Qualify(expected)];
        string[] now = [.. Qualify(actual)];
        return [.. before.Except(now, StringComparer.Ordinal).Select(line => "- " + line), .. now.Except(before, StringComparer.Ordinal).Select(line => "+ " + line)];
    }

    private static IEnumerable<string> Qualify(IEnumerable<string> lines)
    {
        string type = "";
        foreach (string line in lines)
        {
            if (line.StartsWith(' '))
            {
                yield return $"{type} ::{line}";
            }
            else
            {
                type = line;
                yield return line;
            }
        }
    }
}
