namespace Examples.Tests.Expected;

public sealed class OutputPatternTests
{
    [TestCase("a|b", "a\nb\n")]
    [TestCase("a|b", "a\r\nb")]
    [TestCase("position * of *.", "position 12 of 400.")]
    [TestCase("a|...|d", "a\nb\nc\nd")]
    [TestCase("a|...|d", "a\nd")]
    [TestCase("...|b", "b\na\nb")]
    [TestCase("a|...", "a")]
    [TestCase("1 (+) 2", "1 (+) 2")]
    public void Difference_ExpectedOutput_IsNull(string expected, string output) => Assert.That(new OutputPattern(expected.Split('|')).Difference(output), Is.Null);

    [TestCase("a|b", "a\nc", "> b", "> c")]
    [TestCase("a|b", "a", "> b", "> (end)")]
    [TestCase("a", "a\nb", "> (end)", "> b")]
    [TestCase("at *.", "at 3", "> at *.", "> at 3")]
    [TestCase("a.c", "abc", "> a.c", "> abc")]
    [TestCase("a", "xa", "> a", "> xa")]
    public void Difference_OtherOutput_MarksWhereTheyPart(string expected, string output, string expectedMark, string outputMark) =>
        Assert.That(new OutputPattern(expected.Split('|')).Difference(output), Does.Contain(expectedMark + "\n").And.Contain(outputMark + "\n"));

    [Test]
    public void Parse_Readme_TakesTheMarkedBlockUnderTheHeading() =>
        Assert.That(OutputPattern.Parse("```text\nno\n```\n## Expected output\n```\nno\n```\n```text\nyes\n```\n").Difference("yes"), Is.Null);

    [Test]
    public void Parse_ReadmeWithoutBlock_Throws() => Assert.That(() => OutputPattern.Parse("## Expected output\nnothing"), Throws.TypeOf<InvalidDataException>());
}
