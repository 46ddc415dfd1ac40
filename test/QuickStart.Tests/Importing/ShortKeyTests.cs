using QuickStart.Importing;

namespace QuickStart.Tests.Importing;

public sealed class ShortKeyTests
{
    [Test]
    public void For_ShortText_IsTheText() => Assert.That(ShortKey.For(new string('x', 300)), Is.EqualTo(new string('x', 300)));

    [Test]
    public void For_LongTexts_IsShortAndTellsThemApart()
    {
        string first = ShortKey.For(new string('x', 5_000) + "1");
        string second = ShortKey.For(new string('x', 5_000) + "2");

        Assert.That(first, Has.Length.LessThan(500).And.Not.EqualTo(second));
    }

    [Test]
    public void For_SurrogatePairAtTheCut_KeepsValidText() =>
        Assert.That(() => new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(ShortKey.For(new string('x', 199) + "🎉" + new string('y', 300))), Throws.Nothing);
}
