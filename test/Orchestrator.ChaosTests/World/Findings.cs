using System.Collections.Concurrent;

namespace Orchestrator.ChaosTests.World;

/// <summary>What has been noticed that should not be, besides what the checker counts.</summary>
internal sealed class Findings
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public void Add(string finding) => _all.Enqueue(finding);
}
