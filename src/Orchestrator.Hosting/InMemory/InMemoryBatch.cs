using System.Data.Common;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.InMemory;

/// <summary>A batch in memory: holds the row's lock; what handlers registered to run after the commit takes effect with it.</summary>
internal sealed class InMemoryBatch : IFencedBatch
{
    private readonly InMemoryDatabase _database;
    private readonly InMemoryCheckpoint _row;
    private readonly InMemoryContext _context;
    private bool _released;

    public InMemoryBatch(InMemoryDatabase database, InMemoryCheckpoint row, Fence fence, IServiceProvider services)
    {
        _database = database;
        _row = row;
        _context = new InMemoryContext(row.Value, fence, services);
        Checkpoint = row.Value;
    }

    public Checkpoint Checkpoint { get; }

    public long ConnectionOpenedAt => 0;

    public ProjectionContext Context => _context;

    public Guid WorkerId => _context.WorkerId;

    public ValueTask BeginEventsAsync(PersistedEvent first, PersistedEvent last, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<Exception?> FindCommitAsync(Exception failure) => ValueTask.FromResult<Exception?>(null);

    public Task CommitAsync(long position)
    {
        lock (_database.Gate)
        {
            if (_released)
            {
                throw new InMemorySessionLostException();
            }

            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(position, Checkpoint.Position);

            _row.Value = Checkpoint with { Position = position };
            _context.RunCommitted();
            End();
        }

        return Task.CompletedTask;
    }

    /// <summary>Rolls back, if not committed, and frees the row. Called under the database's gate, or by the owner.</summary>
    public void End()
    {
        if (!_released)
        {
            _released = true;
            _row.Batch = null;
            _row.RowLock.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _context.RunEnded();
        lock (_database.Gate)
        {
            End();
        }

        return ValueTask.CompletedTask;
    }

    private sealed class InMemoryContext(Checkpoint row, Fence fence, IServiceProvider services)
        : ProjectionContext(row.Projection, fence.ReplicaSet, fence.WorkerId, row.GenerationId, services)
    {
        private readonly List<Action> _committed = [];

        public override DbTransaction Transaction => throw NotSupported("transaction");

        public override ValueTask<DbConnection> GetConnectionAsync(CancellationToken cancellationToken = default) => throw NotSupported("connection");

        protected override void EnqueueCommand(string sql, object?[] parameters) => throw NotSupported("SQL");

        public override void OnCommitted(Action action) => _committed.Add(action);

        public new void RunEnded() => base.RunEnded();

        public void RunCommitted() => _committed.ForEach(action => action());

        private static NotSupportedException NotSupported(string what) => new(
            $"The in-memory provider has no {what}. Write to objects of your own in {nameof(OnCommitted)}, which takes effect with the checkpoint; or run on PostgreSQL: AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).");
    }
}
