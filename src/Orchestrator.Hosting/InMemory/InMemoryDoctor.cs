using Orchestrator.Hosting.Doctor;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.InMemory;

/// <summary>
/// Looks at the in-memory provider. An append there is one step, so nobody ever holds the horizon; and nobody keeps times, so nothing is old. What is left is who has which slots and which projections.
/// </summary>
internal sealed class InMemoryDoctor(InMemoryDatabase database) : IOrchestratorDoctor
{
    public Task<HorizonReport> ExamineHorizonAsync(bool showStatements = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            return Task.FromResult(Horizon());
        }
    }

    public Task<DoctorReport> ExamineAsync(bool showStatements = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            return Task.FromResult(Diagnosis.Of(new DoctorSnapshot(
                Horizon(),
                [.. database.ReplicaSets.SelectMany(replicaSet => replicaSet.Workers.Select(worker => Seen(replicaSet, worker)))],
                [.. database.ReplicaSets.Select(replicaSet => new SeenReplicaSet(replicaSet.Name, replicaSet.Find(GenerationState.Forming) is null ? null : TimeSpan.Zero, RecentGenerations: 0, []))],
                [.. database.ReplicaSets.SelectMany(Seen)],
                [],
                Connections: null)));
        }
    }

    private HorizonReport Horizon() =>
        new(database.Events.Count, database.ReplicaSets.SelectMany(replicaSet => replicaSet.Checkpoints).Select(row => row.Value.Position).DefaultIfEmpty().Max(), []);

    private static SeenWorker Seen(InMemoryReplicaSet replicaSet, InMemoryWorker worker) => new(
        replicaSet.Name, $"worker {worker.Registration.WorkerId}", worker.Registration.IsStatic, worker.Registration.Projections, Registered: TimeSpan.MaxValue, HeartbeatAge: null, IsGone: false);

    private static IEnumerable<SeenProjection> Seen(InMemoryReplicaSet replicaSet) =>
        from row in replicaSet.Checkpoints
        group row.Value by row.Value.Projection into rows
        let unowned = rows.Where(row => row.WorkerId is not { } owner || replicaSet.Find(owner) is null).Sum(row => row.Slots.Length)
        select new SeenProjection(replicaSet.Name, rows.Key, rows.Min(row => row.Position), SinceMoved: TimeSpan.Zero, unowned);
}
