namespace Orchestrator.Simulation.Scenarios;

/// <summary>What came of a seed.</summary>
internal sealed record Verdict(long Steps, int Applied, int Generations, int Faults, IReadOnlyList<string> Violations);
