namespace Orchestrator.Simulation.Scheduling;

/// <summary>A callback that runs in a process when its time has come, unless it is cancelled before.</summary>
internal sealed class Scheduled(SimulatedNode node, SendOrPostCallback callback, object? state)
{
    public SimulatedNode Node => node;

    public bool Cancelled { get; private set; }

    public void Cancel() => Cancelled = true;

    public void Run() => callback(state);
}
