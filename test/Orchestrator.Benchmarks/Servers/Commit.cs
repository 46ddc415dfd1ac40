namespace Orchestrator.Benchmarks.Servers;

/// <summary>A batch that a worker has committed.</summary>
/// <param name="At">When, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>: the machine's monotonic clock, which is the same in every process.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Aggregates">The aggregates that the batch held events of.</param>
internal sealed record Commit(long At, Guid Worker, IReadOnlyList<string> Aggregates);
