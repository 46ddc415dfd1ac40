using System.CommandLine;
using Orchestrator.Cli.Connecting;
using Orchestrator.Cli.Output;
using Orchestrator.Hosting.Inspection;

namespace Orchestrator.Cli.Inspecting;

/// <summary>The options of <c>lag</c>.</summary>
internal sealed class LagOptions
{
    private const double DefaultInterval = 2;
    private const double LongestInterval = 3600;

    private readonly JsonOption _json = new();
    private readonly Option<bool> _partitions = new("--partitions") { Description = "A line for each range of slots instead of one for each projection, with the worker that has it." };
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Look again and again, until Ctrl+C. With --json each look is one line." };
    private readonly Option<double> _interval = new("--interval") { Description = $"Seconds between two looks of --watch. Default: {DefaultInterval}.", DefaultValueFactory = _ => DefaultInterval };
    private readonly Option<long?> _maxEvents = new("--max-events") { Description = "End with exit code 1 where a projection is further behind than this many positions." };
    private readonly Option<double?> _maxSeconds = new("--max-seconds") { Description = "End with exit code 1 where the oldest event that a projection has not passed is older than this." };

    /// <summary>Which replica set is shown.</summary>
    public ReplicaSetOption ReplicaSet { get; } = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { ReplicaSet, _partitions, _watch, _interval, _maxEvents, _maxSeconds, _json })
        {
            command.Options.Add(option);
        }
    }

    public bool IsJson(DatabaseContext context) => context.Line.GetValue(_json);

    public bool ShowsPartitions(DatabaseContext context) => context.Line.GetValue(_partitions);

    public bool Watches(DatabaseContext context) => context.Line.GetValue(_watch);

    public TimeSpan Interval(DatabaseContext context) => TimeSpan.FromSeconds(context.Line.GetValue(_interval));

    /// <summary>Whether a projection is further behind than is allowed.</summary>
    public bool IsTooMuch(DatabaseContext context, ProjectionReport projection) =>
        projection.Behind > context.Line.GetValue(_maxEvents) || projection.Age.TotalSeconds > context.Line.GetValue(_maxSeconds);

    /// <summary>Finds values that cannot be meant.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void Check(DatabaseContext context)
    {
        if (context.Line.GetValue(_interval) is not (> 0 and <= LongestInterval))
        {
            throw new UsageException($"--interval must be more than 0 and at most {LongestInterval} seconds.");
        }

        if (context.Line.GetValue(_maxEvents) < 0 || context.Line.GetValue(_maxSeconds) is < 0 or double.NaN)
        {
            throw new UsageException("--max-events and --max-seconds must be 0 or more.");
        }
    }
}
