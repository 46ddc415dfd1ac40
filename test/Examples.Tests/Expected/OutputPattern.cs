using System.Text;
using System.Text.RegularExpressions;

namespace Examples.Tests.Expected;

/// <summary>The lines that a program is to print: <c>*</c> stands for any text within a line, a line <c>...</c> for any lines.</summary>
internal sealed class OutputPattern(IReadOnlyList<string> expected)
{
    private const string Skip = "...";
    private const string Heading = "## Expected output";
    private const string Fence = "```";

    /// <summary>The block marked <c>text</c> under "Expected output" of an example's README.md.</summary>
    public static OutputPattern OfReadme(string example) => Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", example, "README.md")));

    /// <summary>The first block marked <c>text</c> behind the heading "Expected output".</summary>
    public static OutputPattern Parse(string markdown)
    {
        string[] block = [.. Lines(markdown).SkipWhile(line => line != Heading).SkipWhile(line => line != Fence + "text").Skip(1).TakeWhile(line => line != Fence)];
        return block.Length > 0 ? new OutputPattern(block) : throw new InvalidDataException($"There is no block {Fence}text under '{Heading}'.");
    }

    /// <summary>What is different, in words; null when the output is as expected.</summary>
    public string? Difference(string output)
    {
        IReadOnlyList<string> actual = Lines(output.TrimEnd());
        (int Expected, int Actual) furthest = (0, 0);
        return Matches(0, 0, actual, ref furthest) ? null : Describe(actual, furthest);
    }

    private bool Matches(int e, int a, IReadOnlyList<string> actual, ref (int Expected, int Actual) furthest)
    {
        if ((e, a).CompareTo(furthest) > 0)
        {
            furthest = (e, a);
        }

        if (e == expected.Count)
        {
            return a == actual.Count;
        }

        if (expected[e] == Skip)
        {
            return Matches(e + 1, a, actual, ref furthest) || (a < actual.Count && Matches(e, a + 1, actual, ref furthest));
        }

        return a < actual.Count && LineMatches(expected[e], actual[a]) && Matches(e + 1, a + 1, actual, ref furthest);
    }

    private static bool LineMatches(string pattern, string line) => Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private string Describe(IReadOnlyList<string> actual, (int Expected, int Actual) furthest)
    {
        var text = new StringBuilder("The output is not what the README promises ('>' marks where they part).\nexpected:\n");
        Append(text, expected, furthest.Expected);
        text.Append("printed:\n");
        Append(text, actual, furthest.Actual);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> lines, int marked)
    {
        foreach ((int index, string line) in lines.Append("(end)").Index())
        {
            text.Append(index == marked ? "> " : "  ").Append(line).Append('\n');
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
