using QuickStart.Display;

namespace QuickStart.Tests.Display;

public sealed class PrintableTests
{
    [TestCase("plain 🎉 é", "plain 🎉 é")]
    [TestCase("line\nfeed\ttab\r", "line\\nfeed\\ttab\\r")]
    [TestCase("\u001b[31mred", "\\u001B[31mred")]
    [TestCase("\u202Eevil", "\\u202Eevil")]
    public void Text_OfAnyName_CannotMoveTheCursor(string name, string expected) => Assert.That(Printable.Text(name), Is.EqualTo(expected));

    [Test]
    public void Text_OfALongName_IsCut() => Assert.That(Printable.Text(new string('x', 100), 10), Is.EqualTo("xxxxxxxxxx..."));
}
