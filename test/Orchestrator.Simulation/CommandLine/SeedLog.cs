using System.Globalization;
using System.Reflection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Simulation.Scenarios;

namespace Orchestrator.Simulation.CommandLine;

/// <summary>A long run with a record: one line for every so many seeds, with the version of the code that ran them. Interrupted, it goes on where the record ends.</summary>
/// <param name="path">The file; it is made, or appended to.</param>
/// <param name="seedsPerLine">How many seeds a line stands for.</param>
internal sealed class SeedLog(string path, int seedsPerLine = 10_000)
{
    private const string Header = "first seed,last seed,steps,faults,generations,events applied,violations,seconds,version,ended at,strategy,CPU seconds";

    private static readonly string s_version =
        typeof(SeedLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs those seeds of a range that the record does not have, under the same strategy, until one fails.</summary>
    /// <returns>What came of them.</returns>
    public SeedSummary Run(int from, int count, RebalanceStrategy? strategy, CancellationToken cancellationToken)
    {
        var total = new SeedSummary(0, 0, 0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, null);
        int end = from + count;
        for (int first = FirstMissing(from, NameOf(strategy)); first < end && total.Failed is null; first += seedsPerLine)
        {
            int seeds = Math.Min(seedsPerLine, end - first);
            SeedSummary line = SeedRun.Run(first, seeds, strategy, cancellationToken);
            Append(first, first + seeds - 1, NameOf(strategy), line);
            total = total.With(line);
        }

        return total;
    }

    private static string NameOf(RebalanceStrategy? strategy) => strategy?.ToString() ?? "by seed";

    // What failed is not behind us: it runs again.
    private int FirstMissing(int from, string strategy)
    {
        int next = from;
        foreach (string[] line in File.Exists(path) ? File.ReadLines(path).Skip(1).Select(line => line.Split(',')) : [])
        {
            (int first, int last, int violations) = (Parse(line[0]), Parse(line[1]), Parse(line[6]));
            next = line.ElementAtOrDefault(10) == strategy && violations == 0 && first <= next && next <= last ? last + 1 : next;
        }

        return next;
    }

    private void Append(int first, int last, string strategy, SeedSummary line)
    {
        if (!File.Exists(path))
        {
            File.WriteAllText(path, Header + "\n");
        }

        int violations = line.Failed is null ? 0 : 1;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{first},{last},{line.Steps},{line.Faults},{line.Generations},{line.Applied},{violations},{line.Took.TotalSeconds:0.0},{s_version},{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ},{strategy},{line.Cpu.TotalSeconds:0.0}");
        File.AppendAllText(path, text + "\n");
    }

    private static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
