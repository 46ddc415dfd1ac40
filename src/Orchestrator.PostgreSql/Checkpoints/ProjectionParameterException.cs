namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>
/// A value that a handler has enqueued cannot be written: its type is not one that Npgsql knows, or not the one that the parameter says. The batch was never sent as a whole, so that nobody knows which
/// statement it was; a batch that fails is tried again with fewer events, and in the end the message names one.
/// </summary>
internal sealed class ProjectionParameterException(IReadOnlyList<CommandSource> sources, Exception inner)
    : Exception($"A value of a statement that was enqueued {CommandSource.Of(sources)} cannot be sent: {inner.Message}", inner);
