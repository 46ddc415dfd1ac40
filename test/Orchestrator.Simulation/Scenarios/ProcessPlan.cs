using Orchestrator.Hosting.Generations;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>What is one process's own.</summary>
/// <param name="Name">For the trace.</param>
/// <param name="Partition">The partition that is set by hand, or null.</param>
internal sealed record ProcessPlan(string Name, StaticPartition? Partition);
