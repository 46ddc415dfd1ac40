using System.Globalization;
using System.Xml.Linq;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Charts;

/// <summary>A drawing as SVG: shapes and text, with the colours of a light or a dark page, whichever the reader has.</summary>
internal sealed class Canvas
{
    /// <summary>The drawing's width.</summary>
    public const double Width = 860;

    /// <summary>What stays free at each side.</summary>
    public const double Margin = 24;

    private const string Style =
        """
        .page { fill: #ffffff } .text { fill: #1f2328; font: 13px sans-serif } .small { fill: #59636e; font: 11px sans-serif } .title { fill: #1f2328; font: bold 16px sans-serif }
        .grid { stroke: #d1d9e0 } .raw { stroke: #59636e; fill: #8c959f } .product { fill: #0969da; stroke: #0969da } .whisker { stroke: #1f2328 } .target { stroke: #cf222e; stroke-dasharray: 4 3 } .goal { fill: #cf222e }
        @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117 } .text { fill: #f0f6fc } .small { fill: #9198a1 } .title { fill: #f0f6fc }
        .grid { stroke: #3d444d } .raw { stroke: #9198a1; fill: #656c76 } .product { fill: #4493f8; stroke: #4493f8 } .whisker { stroke: #f0f6fc } .target { stroke: #f85149 } .goal { fill: #f85149 }
        }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<XElement> _shapes = [];

    /// <summary>The drawing of a scenario: its name and question above, where it was measured below.</summary>
    public static XElement Draw(ScenarioResult result, double height, Action<Canvas> body)
    {
        var canvas = new Canvas();
        canvas.Text(Margin, 30, "title", result.Name);
        canvas.Text(Margin, 50, "small", result.Question);
        body(canvas);
        canvas.Text(Margin, height - 12, "small", Place(result));
        return canvas.Render(result, height);
    }

    public void Text(double x, double y, string look, string text, string anchor = "start") =>
        Add("text", text, ("x", Number(x)), ("y", Number(y)), ("class", look), ("text-anchor", anchor));

    public void Line(double x1, double y1, double x2, double y2, string look, double thickness = 1) =>
        Add("line", null, ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("class", look), ("stroke-width", Number(thickness)));

    public void Bar(double x, double y, double width, double height, string look) =>
        Add("rect", null, ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("class", look), ("stroke", "none"));

    public void Dot(double x, double y, double radius, string look) => Add("circle", null, ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("class", look));

    /// <summary>The lines of a scale, and their values below.</summary>
    public void Grid(Scale scale, double top, double bottom, string unit)
    {
        foreach (double tick in scale.Ticks)
        {
            Line(scale.At(tick), top, scale.At(tick), bottom, "grid");
            Text(scale.At(tick), bottom + 14, "small", tick.ToString("#,0.###", CultureInfo.InvariantCulture), "middle");
        }

        Text(scale.Left + scale.Width, bottom + 28, "small", unit, "end");
    }

    private static string Place(ScenarioResult result)
    {
        Machine machine = result.Machine;
        string quick = result.Quick ? " A quick run, whose figures mean nothing." : "";
        return $"{machine.Cores} cores, {machine.Runtime} ({machine.Configuration}), PostgreSQL {machine.PostgreSql.Split(' ')[0]}, load before: {machine.LoadBefore}.{quick}";
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private XElement Render(ScenarioResult result, double height) => new(
        Svg + "svg",
        new XAttribute("viewBox", $"0 0 {Number(Width)} {Number(height)}"),
        new XAttribute("width", Number(Width)),
        new XAttribute("height", Number(height)),
        new XAttribute("role", "img"),
        new XElement(Svg + "title", $"{result.Name}: {result.Question}"),
        new XElement(Svg + "style", Style),
        new XElement(Svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("class", "page")),
        _shapes);

    private void Add(string name, string? text, params (string Name, string Value)[] attributes) =>
        _shapes.Add(new XElement(Svg + name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)), text));
}
