using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.InMemory;

namespace Orchestrator.Simulation.Stores;

/// <summary>What a client sees of a cut connection. Whether the server did what was asked is unknown.</summary>
internal sealed class SimulatedConnectionLostException() : Exception("The connection was lost.");

/// <summary>Every simulated fault is the infrastructure's.</summary>
internal sealed class SimulatedErrorClassifier : IErrorClassifier
{
    public bool IsInfrastructure(Exception exception) => exception is SimulatedConnectionLostException or InMemorySessionLostException;
}
