using Orchestrator.Hosting.Errors;

namespace Orchestrator.Hosting.InMemory;

/// <summary>In memory nothing fails but handlers, and sessions that are ended on purpose.</summary>
internal sealed class InMemoryErrorClassifier : IErrorClassifier
{
    public bool IsInfrastructure(Exception exception) => exception is InMemorySessionLostException;
}
