using System.Data.Common;
using Orchestrator.Events;

namespace Orchestrator.Projections;

/// <summary>
/// What a handler gets besides its events: the transaction that its writes belong in, and what is known of the run. Valid during the call that it was given to.
/// </summary>
/// <remarks>The transaction is the orchestrator's: a handler neither commits nor rolls it back, and does not close the connection.</remarks>
public abstract class ProjectionContext
{
    private List<Action>? _ended;

    /// <summary>Creates the context; providers derive from it.</summary>
    /// <param name="projection">The projection's name.</param>
    /// <param name="replicaSet">The replica set's name.</param>
    /// <param name="workerId">The worker that runs the batch.</param>
    /// <param name="generationId">The generation that owns the checkpoint.</param>
    /// <param name="services">The batch's dependency-injection scope.</param>
    protected ProjectionContext(string projection, string replicaSet, Guid workerId, long generationId, IServiceProvider services)
    {
        Projection = projection;
        ReplicaSet = replicaSet;
        WorkerId = workerId;
        GenerationId = generationId;
        Services = services;
    }

    /// <summary>The projection's name.</summary>
    public string Projection { get; }

    /// <summary>The replica set's name.</summary>
    public string ReplicaSet { get; }

    /// <summary>The worker that runs the batch.</summary>
    public Guid WorkerId { get; }

    /// <summary>The generation that owns the checkpoint.</summary>
    public long GenerationId { get; }

    /// <summary>The batch's dependency-injection scope: the one that the projection was resolved from.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The batch's transaction, for commands on the connection that <see cref="GetConnectionAsync"/> returns.</summary>
    /// <exception cref="NotSupportedException">The in-memory provider has no transaction.</exception>
    public abstract DbTransaction Transaction { get; }

    /// <summary>The batch's connection, with its transaction open. What was enqueued before is sent first, so that order is kept.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection; the orchestrator closes it.</returns>
    /// <exception cref="NotSupportedException">The in-memory provider has no connection.</exception>
    public abstract ValueTask<DbConnection> GetConnectionAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds a statement to the batch's queue, which is sent in one round trip before the commit (or earlier, when a handler asks for the connection): an event costs no round trip of its own.
    /// </summary>
    /// <param name="sql">One SQL statement with positional parameters: <c>$1</c>, <c>$2</c>, ...</param>
    /// <param name="parameters">The parameters' values; null is SQL's NULL. An array, such as a <c>string[]</c> for <c>unnest($1)</c>, is one value.</param>
    /// <exception cref="NotSupportedException">The in-memory provider has no SQL.</exception>
    public void Enqueue(string sql, params object?[] parameters)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        ArgumentNullException.ThrowIfNull(parameters);

        // A string[] alone would pass for the list of parameters, because arrays are covariant; the list itself is always an object[].
        EnqueueCommand(sql, parameters.GetType() == typeof(object[]) ? parameters : [parameters]);
    }

    /// <summary>
    /// Runs an action in this process after the batch has committed, for example to drop a cache entry. It does not run when the batch is rolled back and tried again. At most once:
    /// a process that dies between the commit and the action never runs it. It must be quick and must not throw.
    /// </summary>
    /// <param name="action">The action.</param>
    public abstract void OnCommitted(Action action);

    /// <summary>
    /// Runs an action in this process when this attempt at the batch is over, committed or not, before its connection is given back and its scope is disposed: for what has borrowed the connection,
    /// to let go of it. It must be quick and must not throw.
    /// </summary>
    /// <param name="action">The action.</param>
    public void OnEnded(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        (_ended ??= []).Add(action);
    }

    /// <summary>The key under which this projection does something outside the transaction for an event; see <see cref="Projections.IdempotencyKey.Of"/>.</summary>
    /// <param name="e">The event.</param>
    /// <returns>The key: the same for every attempt on every worker.</returns>
    public Guid IdempotencyKeyOf(PersistedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return IdempotencyKey.Of(Projection, e.EventId);
    }

    /// <summary>Runs what waits for the end of the attempt, each action once, in the order in which they came; for providers.</summary>
    protected void RunEnded()
    {
        List<Action>? actions = _ended;
        _ended = null;
        actions?.ForEach(static action => action());
    }

    /// <summary>Adds a statement to the queue.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Its parameters, one value each.</param>
    protected abstract void EnqueueCommand(string sql, object?[] parameters);
}
