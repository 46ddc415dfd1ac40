namespace Orchestrator.Hosting.Checkpoints;

/// <summary>What a handler has done to the transaction that is not its own.</summary>
internal enum TransactionEnd
{
    /// <summary>It has committed it.</summary>
    Committed,

    /// <summary>It has rolled it back.</summary>
    RolledBack,

    /// <summary>It has closed or disposed the connection, which rolled it back.</summary>
    ConnectionClosed,
}
