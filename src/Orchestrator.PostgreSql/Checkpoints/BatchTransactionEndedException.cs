namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>A handler has committed or rolled back the batch's transaction, or closed its connection: the checkpoint could not be moved with what it wrote.</summary>
internal sealed class BatchTransactionEndedException(Exception? inner) : InvalidOperationException(
    "A handler has ended the batch's transaction or closed its connection. The checkpoint was not moved, and what was still enqueued was not sent. If the handler committed, what it wrote until then is in the "
    + "read model, and will be written again when the events are handled again: take that back by hand or rebuild. Handlers must leave COMMIT, ROLLBACK and closing to the orchestrator; savepoints are fine.",
    inner);
