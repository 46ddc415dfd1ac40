using System.Text;
using System.Xml.Linq;
using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Charts;

/// <summary>Writes the charts of scenarios into a folder: <c>NAME.svg</c> with the ratios, and <c>NAME-distribution.svg</c> where there are distributions.</summary>
internal static class ChartFiles
{
    public static async Task WriteAsync(string folder, IEnumerable<ScenarioResult> results, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (ScenarioResult result in results)
        {
            foreach ((string name, XElement svg) in Draw(result))
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), svg + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
            }
        }
    }

    private static IEnumerable<(string Name, XElement Svg)> Draw(ScenarioResult result)
    {
        Comparison[] ratios = [.. result.Comparisons.Where(comparison => comparison.Part is null)];
        Comparison[] parts = [.. result.Comparisons.Where(comparison => comparison.Part is not null)];
        if (ratios.Length > 0)
        {
            yield return ($"{result.Name}.svg", RatioChart.Draw(result, ratios));
        }

        if (parts.Length > 0)
        {
            yield return ($"{result.Name}-distribution.svg", DistributionChart.Draw(result, parts));
        }
    }
}
