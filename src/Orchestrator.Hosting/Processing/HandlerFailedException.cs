namespace Orchestrator.Hosting.Processing;

/// <summary>Marks what came out of a handler, or of what it enqueued, so that it is not taken for the orchestrator's own trouble. The inner exception is the handler's.</summary>
internal sealed class HandlerFailedException(Exception innerException) : Exception("A projection's handler failed.", innerException);
