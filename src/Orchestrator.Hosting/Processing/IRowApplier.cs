namespace Orchestrator.Hosting.Processing;

/// <summary>Brings a row one batch further.</summary>
internal interface IRowApplier
{
    /// <summary>Applies the next batch of a row.</summary>
    /// <param name="cursor">The row.</param>
    /// <param name="page">A page that served the row's position as last seen.</param>
    /// <param name="limit">A position not to pass.</param>
    /// <param name="abort">Gives up what has not taken effect.</param>
    /// <returns>False when the row is no longer this worker's. True otherwise, also when nothing was applied because the page does not serve the row as it is: the cursor then goes by the row.</returns>
    /// <exception cref="HandlerFailedException">The handler failed.</exception>
    Task<bool> ApplyAsync(RowCursor cursor, EventPage page, long limit, CancellationToken abort);
}
