using System.Collections.Immutable;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What is one process's own.</summary>
/// <param name="Name">For the trace.</param>
/// <param name="Partition">The partition that is set by hand, or null.</param>
/// <param name="Projections">The projections that it has.</param>
/// <param name="ClockRate">How fast its monotonic clock runs; 1: true.</param>
/// <param name="ClockWrongBy">How far its wall clock is from the truth.</param>
internal sealed record ProcessPlan(string Name, StaticPartition? Partition, ImmutableArray<ProjectionDefinition> Projections, double ClockRate, TimeSpan ClockWrongBy);
