using System.Data.Common;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>What handlers write through: the fence's transaction, by a queue or directly.</summary>
internal sealed class PostgreSqlProjectionContext(Fence fence, Checkpoint row, IServiceProvider services, BatchTransaction transaction, CommandQueue queue)
    : ProjectionContext(row.Projection, fence.ReplicaSet, fence.WorkerId, row.GenerationId, services)
{
    private readonly List<Action> _committed = [];
    private CommandSource _source;
    private bool _over;

    public override DbTransaction Transaction
    {
        get
        {
            ThrowIfOver();
            transaction.HandedOut = true;
            return transaction.Transaction;
        }
    }

    public override async ValueTask<DbConnection> GetConnectionAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfOver();
        if (!queue.IsEmpty)
        {
            await queue.SendAsync([], cancellationToken).ConfigureAwait(false);
        }

        transaction.HandedOut = true;
        return transaction.Connection;
    }

    protected override void EnqueueCommand(string sql, object?[] parameters)
    {
        ThrowIfOver();
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        ArgumentNullException.ThrowIfNull(parameters);
        queue.Add(sql, parameters, _source);
    }

    public override void OnCommitted(Action action)
    {
        ThrowIfOver();
        ArgumentNullException.ThrowIfNull(action);
        _committed.Add(action);
    }

    /// <summary>Says which events come next. What was enqueued must not be overtaken by what their handler does on the connection.</summary>
    public ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        _source = new CommandSource(first, last);
        if (!transaction.HandedOut)
        {
            return ValueTask.CompletedTask;
        }

        return queue.IsEmpty ? transaction.ThrowIfEndedAsync() : new ValueTask(queue.SendAsync([], cancellationToken));
    }

    /// <summary>Nothing may be written any more: the batch commits or is given up.</summary>
    public void End() => _over = true;

    /// <summary>Runs what handlers wanted to happen after the commit.</summary>
    public void RunCommitted() => _committed.ForEach(static action => action());

    /// <summary>Lets go of the connection, which is given back next.</summary>
    public void Release()
    {
        End();
        RunEnded();
    }

    private void ThrowIfOver() => ObjectDisposedException.ThrowIf(_over, this);
}
