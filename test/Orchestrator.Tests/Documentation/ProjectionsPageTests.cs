using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Documentation;

/// <summary>The C# of docs/projections.md is compiled and run: each block is found, line by line, in examples/Handlers.</summary>
public sealed class ProjectionsPageTests
{
    private const string Opening = "```csharp";
    private const string Closing = "```";

    private static readonly string[] Sources = [.. Repository.CSharpFiles(Path.Combine(Repository.Root, "examples", "Handlers")).Select(file => Normalise(File.ReadLines(file)))];

    private static IEnumerable<TestCaseData> Blocks
    {
        get
        {
            string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "projections.md"));
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i] == Opening)
                {
                    string[] block = [.. lines.Skip(i + 1).TakeWhile(line => line != Closing)];
                    yield return new TestCaseData(Normalise(block)).SetArgDisplayNames($"line {i + 1}: {block[0]}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Blocks))]
    public void Block_OfThePage_IsInTheExample(string block) => Assert.That(Sources, Has.Some.Contains(block));

    [Test]
    public void Blocks_OfThePage_AreFound() => Assert.That(Blocks.Count(), Is.GreaterThan(5));

    // Without indentation, and with an end behind each line, so that no line matches a part of another.
    private static string Normalise(IEnumerable<string> lines) => "\n" + string.Concat(lines.Select(line => line.Trim() + "\n"));
}
