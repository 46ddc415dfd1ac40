namespace Orchestrator.Hosting.Checkpoints;

/// <summary>A handler has ended the batch's transaction: the checkpoint could not be moved with what it wrote.</summary>
internal sealed class BatchTransactionEndedException(string projection, TransactionEnd end, Exception? inner)
    : InvalidOperationException($"Projection '{projection}' {Describe(end)} {WayOut}", inner)
{
    private const string WayOut =
        "Handlers leave commit, rollback and the connection to the orchestrator. To take back a part, use a savepoint: context.Transaction.SaveAsync(name) and RollbackAsync(name).";

    /// <summary>How it was ended. Only behind a commit is something of the batch in the read model.</summary>
    public TransactionEnd End => end;

    private static string Describe(TransactionEnd end) => end switch
    {
        TransactionEnd.Committed =>
            "has committed the batch's transaction itself. The checkpoint was not moved. What its handlers wrote until then is in the read model, and will be written again when the events are handled "
            + "again: mend the handler, take back by hand what the batch wrote, or rebuild the read model, and restart.",
        TransactionEnd.RolledBack => "has rolled back the batch's transaction itself. The checkpoint was not moved, and nothing that its handlers wrote until then is in the read model.",
        _ => "has closed the batch's connection, which rolled back the transaction. The checkpoint was not moved, and nothing that its handlers wrote until then is in the read model.",
    };
}
