using Orchestrator.Hosting.InMemory;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>Nobody is taken off the roster without a cause: its session has ended, or its heartbeat has stood still for the whole stale time-out. Who is healthy, or has only just come, is left alone.</summary>
internal sealed class Removals(World world, InMemoryReplicaSet replicaSet, List<string> violations)
{
    // The fastest of the clocks by which a heartbeat is judged runs this much too fast.
    private const double FastestClock = 1.02;

    private readonly Dictionary<Guid, Watched> _workers = [];

    /// <summary>A heartbeat has arrived.</summary>
    public void OnBeat(Guid workerId)
    {
        if (_workers.TryGetValue(workerId, out Watched? watched))
        {
            watched.LastBeat = world.Now;
        }
    }

    /// <summary>Looks at the sessions, in every moment in which one may have begun or ended.</summary>
    public void Look()
    {
        foreach (InMemoryWorker worker in replicaSet.Workers)
        {
            if (!_workers.TryGetValue(worker.Registration.WorkerId, out Watched? watched))
            {
                _workers.Add(worker.Registration.WorkerId, watched = new Watched { LastBeat = world.Now });
            }

            watched.SessionEnded = worker.Session.Ended;
        }
    }

    /// <summary>Workers were taken off the roster, just now: their sessions have been ended with that, so what counts is how they were before.</summary>
    /// <param name="removed">The workers.</param>
    /// <param name="staleAfter">How long a heartbeat must stand still by the clock of whoever removed them.</param>
    public void OnRemoved(IReadOnlyList<Guid> removed, TimeSpan staleAfter)
    {
        foreach (Guid id in removed)
        {
            Watched watched = _workers[id];
            TimeSpan still = TimeSpan.FromTicks(world.Now - watched.LastBeat);
            if (!watched.SessionEnded && still * FastestClock < staleAfter)
            {
                violations.Add($"Worker {id} was taken off the roster although its session was open and its last heartbeat {still.TotalMilliseconds:0} ms old, of {staleAfter.TotalMilliseconds:0} ms.");
            }
        }
    }

    private sealed class Watched
    {
        public long LastBeat { get; set; }

        public bool SessionEnded { get; set; }
    }
}
