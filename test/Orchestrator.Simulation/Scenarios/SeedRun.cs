using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>Runs seeds one after another on every core, until one fails.</summary>
internal static class SeedRun
{
    /// <summary>Runs.</summary>
    /// <returns>What came out, and the lowest seed that failed, if one did.</returns>
    public static SeedSummary Run(int from, int count, RebalanceStrategy? strategy, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        var failed = new ConcurrentDictionary<int, Verdict>();
        long seeds = 0;
        long steps = 0;
        long applied = 0;
        long faults = 0;
        long generations = 0;
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(from, count), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            (seed, state) =>
            {
                Verdict verdict = Scenario.Run(seed, strategy);
                Interlocked.Increment(ref seeds);
                Interlocked.Add(ref steps, verdict.Steps);
                Interlocked.Add(ref applied, verdict.Applied);
                Interlocked.Add(ref faults, verdict.Faults);
                Interlocked.Add(ref generations, verdict.Generations);
                if (verdict.Violations.Count > 0)
                {
                    failed[seed] = verdict;
                    state.Stop();
                }
            });
        (int Seed, Verdict Verdict)? first = failed.IsEmpty ? null : failed.Select(pair => (pair.Key, pair.Value)).MinBy(pair => pair.Key);
        return new SeedSummary(seeds, steps, faults, generations, applied, Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - cpuBefore, first);
    }
}

/// <summary>What came of many seeds.</summary>
/// <param name="Seeds">How many ran.</param>
/// <param name="Steps">How many callbacks ran.</param>
/// <param name="Faults">How many faults were caused.</param>
/// <param name="Generations">How many generations were formed.</param>
/// <param name="Applied">How many times an event was applied.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Cpu">What the process used of its cores meanwhile: seeds per second of it can be compared, however busy the machine is.</param>
/// <param name="Failed">The lowest seed that failed, if one did.</param>
internal sealed record SeedSummary(long Seeds, long Steps, long Faults, long Generations, long Applied, TimeSpan Took, TimeSpan Cpu, (int Seed, Verdict Verdict)? Failed)
{
    /// <summary>This, and what came behind it.</summary>
    public SeedSummary With(SeedSummary next) =>
        new(Seeds + next.Seeds, Steps + next.Steps, Faults + next.Faults, Generations + next.Generations, Applied + next.Applied, Took + next.Took, Cpu + next.Cpu, Failed ?? next.Failed);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seeds} seeds, {Steps} steps, {Faults} faults, {Generations} generations, {Applied} events applied, {(Failed is null ? 0 : 1)} violations, {Seeds / Took.TotalSeconds:0} seeds/s on {Environment.ProcessorCount} cores, {Seeds / Cpu.TotalSeconds:0} per second of one core");
}
