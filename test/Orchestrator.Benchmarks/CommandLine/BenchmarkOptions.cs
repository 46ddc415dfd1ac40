namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>What the command line asks for.</summary>
/// <param name="Runs">How often each pair of product and raw is measured, after one warm-up.</param>
/// <param name="Quick">Whether to run for seconds only, to see that it works. The figures then mean nothing.</param>
/// <param name="Events">How many events, where a scenario reads a log; null: the scenario's own number.</param>
/// <param name="Json">Where to write everything as JSON, or null.</param>
/// <param name="Markdown">The file whose marked part is to be replaced by the tables, or null.</param>
internal sealed record BenchmarkOptions(int Runs, bool Quick, int? Events, string? Json, string? Markdown)
{
    /// <summary>The folder to draw charts into, or null.</summary>
    public string? Charts { get; init; }

    /// <summary>The JSON of an earlier run to compare with, or null.</summary>
    public string? Compare { get; init; }

    /// <summary>By how many percent a case may be worse than in that run before the program ends with 1; null: it never does.</summary>
    public int? FailWorse { get; init; }

    /// <summary>How often the small tables are updated, where that is measured; null: the scenario's own number.</summary>
    public int? Updates { get; init; }

    /// <summary>How many events to read: what was asked for, else the usual number.</summary>
    public int EventsOr(int usual) => Events ?? Scaled(usual);

    /// <summary>A number of repetitions, made small for a quick run.</summary>
    public int Scaled(int usual) => Quick ? Math.Max(usual / 50, 3) : usual;
}
