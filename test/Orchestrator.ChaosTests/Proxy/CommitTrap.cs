namespace Orchestrator.ChaosTests.Proxy;

/// <summary>Where a connection is cut that commits.</summary>
internal enum CommitCut
{
    /// <summary>The wish to commit does not reach the server: the transaction is rolled back.</summary>
    BeforeRequest,

    /// <summary>The server has committed; its answer does not reach the client.</summary>
    BeforeAnswer,

    /// <summary>The client has the answer, and nothing more.</summary>
    AfterAnswer,
}

/// <summary>Cuts one connection, once.</summary>
internal sealed class CommitTrap(CommitCut where)
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CommitCut Where => where;

    /// <summary>Ends when a connection has been cut.</summary>
    public Task Struck => _struck.Task;

    public void Strike() => _struck.TrySetResult();
}
