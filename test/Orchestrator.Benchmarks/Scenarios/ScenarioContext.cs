using Orchestrator.Benchmarks.CommandLine;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>What a scenario works with.</summary>
/// <param name="Server">The server.</param>
/// <param name="Options">What was asked for.</param>
internal sealed record ScenarioContext(BenchmarkServer Server, BenchmarkOptions Options);
