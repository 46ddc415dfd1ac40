using System.Data.Common;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>What handlers write through: the fence's transaction, by a queue or directly.</summary>
internal sealed class PostgreSqlProjectionContext(Fence fence, string projection, IServiceProvider services, NpgsqlTransaction transaction, CommandQueue queue)
    : ProjectionContext(projection, fence.ReplicaSet, fence.WorkerId, fence.GenerationId, services)
{
    private readonly List<Action> _committed = [];
    private PersistedEvent? _event;
    private bool _over;

    public override DbTransaction Transaction
    {
        get
        {
            ThrowIfOver();
            queue.HandedOut = true;
            return transaction;
        }
    }

    public override async ValueTask<DbConnection> GetConnectionAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfOver();
        if (!queue.IsEmpty)
        {
            await queue.SendAsync(last: null, cancellationToken).ConfigureAwait(false);
        }

        queue.HandedOut = true;
        return queue.Connection;
    }

    protected override void EnqueueCommand(string sql, object?[] parameters)
    {
        ThrowIfOver();
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        ArgumentNullException.ThrowIfNull(parameters);
        queue.Add(sql, parameters, _event);
    }

    public override void OnCommitted(Action action)
    {
        ThrowIfOver();
        ArgumentNullException.ThrowIfNull(action);
        _committed.Add(action);
    }

    /// <summary>Says which event comes next. What was enqueued must not be overtaken by what its handler does on the connection.</summary>
    public ValueTask BeginEventAsync(PersistedEvent e, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        _event = e;
        return queue.HandedOut && !queue.IsEmpty ? new ValueTask(queue.SendAsync(last: null, cancellationToken)) : ValueTask.CompletedTask;
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
