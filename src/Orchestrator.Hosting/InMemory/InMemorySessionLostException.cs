namespace Orchestrator.Hosting.InMemory;

/// <summary>The in-memory counterpart of a terminated session.</summary>
internal sealed class InMemorySessionLostException() : Exception("The session has been ended.");
