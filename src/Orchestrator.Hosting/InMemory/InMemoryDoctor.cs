using Orchestrator.Hosting.Doctor;

namespace Orchestrator.Hosting.InMemory;

/// <summary>Looks at the in-memory provider. An append there is one step, so nobody ever holds the horizon.</summary>
internal sealed class InMemoryDoctor(InMemoryDatabase database) : IOrchestratorDoctor
{
    public Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            long furthest = database.ReplicaSets.SelectMany(replicaSet => replicaSet.Checkpoints).Select(row => row.Value.Position).DefaultIfEmpty().Max();
            return Task.FromResult(new HorizonReport(database.Events.Count, furthest, []));
        }
    }
}
