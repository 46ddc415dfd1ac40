using System.Globalization;
using System.Xml.Linq;
using Orchestrator.Benchmarks.Charts;
using Orchestrator.Benchmarks.Measuring;
using Orchestrator.Benchmarks.Scenarios;

namespace Orchestrator.Benchmarks.Tests;

/// <summary>The charts: files that a browser can read, whatever was measured.</summary>
public sealed class ChartTests
{
    private static readonly string[] Places = ["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height"];

    [Test]
    public async Task Write_RatiosAndDistributions_WritesAFileOfEach()
    {
        IReadOnlyList<string> files = await WriteAsync(Samples.Result([Samples.Rate("plain", (80, 100)), .. Distribution.Of("pause", "ms", [1, 2, 30], [1, 1, 2], p99: 25)]));

        Assert.That(files.Select(file => XDocument.Parse(file).Root!.Name.LocalName), Is.EqualTo(new[] { "svg", "svg" }));
    }

    [Test]
    public async Task Write_NamesThatXmlReserves_KeepsThemAsText()
    {
        IReadOnlyList<string> files = await WriteAsync(Samples.Result(Samples.Rate("a < b & \"c\"", (80, 100))));

        Assert.That(Texts(files[0]), Has.Member("a < b & \"c\"").And.Member("What is 1 < 2 & \"3\"?"));
    }

    [TestCase(0, 0)]
    [TestCase(5, 0)]
    [TestCase(0, 5)]
    [TestCase(double.NaN, 1)]
    [TestCase(5, double.PositiveInfinity)]
    [TestCase(1e12, 1e-12)]
    public async Task Write_FiguresWithoutAPlace_DrawsNumbersOnly(double product, double raw)
    {
        Comparison odd = Samples.Time("odd", (product, raw), (1, 1)) with { Goal = Goal.Figure(3) };
        IReadOnlyList<string> files = await WriteAsync(Samples.Result([odd, .. Distribution.Of("odd parts", "ms", [product, 1], [raw, 1], p99: 2)]));

        foreach (string file in files)
        {
            IEnumerable<string> places = XDocument.Parse(file).Descendants().Attributes().Where(attribute => Places.Contains(attribute.Name.LocalName)).Select(attribute => attribute.Value);
            Assert.That(places.Where(place => place != "100%"), Is.All.Matches<string>(place => double.TryParse(place, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)));
            Assert.That(file, Does.Not.Contain("NaN").And.Not.Contain("∞"));
        }
    }

    [Test]
    public async Task Write_ARatioBelowItsTarget_DrawsTheBarShortOfTheTargetsLine()
    {
        string file = (await WriteAsync(Samples.Result(Samples.Rate("slow", (40, 100), (50, 100), (60, 100)) with { Goal = Goal.Ratio(0.8) })))[0];

        XElement bar = Shape(file, "rect", "product");
        XElement target = Shape(file, "line", "target");
        Assert.That(Number(bar, "x") + Number(bar, "width"), Is.LessThan(Number(target, "x1")));
    }

    private static XElement Shape(string file, string name, string look) =>
        XDocument.Parse(file).Descendants().Single(shape => shape.Name.LocalName == name && shape.Attribute("class")?.Value == look);

    private static double Number(XElement shape, string attribute) => double.Parse(shape.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(string file) => XDocument.Parse(file).Descendants().Where(shape => shape.Name.LocalName == "text").Select(shape => shape.Value);

    private static async Task<IReadOnlyList<string>> WriteAsync(ScenarioResult result)
    {
        string folder = Directory.CreateTempSubdirectory("charts-").FullName;
        try
        {
            await ChartFiles.WriteAsync(folder, [result], CancellationToken.None);
            return [.. await Task.WhenAll(Directory.GetFiles(folder, "*.svg").Order(StringComparer.Ordinal).Select(path => File.ReadAllTextAsync(path)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
