namespace Orchestrator.Hosting.InMemory;

/// <summary>Row locks that a transition takes on checkpoints, in key order, as everybody does.</summary>
internal sealed class InMemoryRowLocks : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private readonly List<InMemoryCheckpoint> _held = [];

    private InMemoryRowLocks()
    {
    }

    /// <summary>Locks rows one after another.</summary>
    /// <param name="database">Whose gate guards them.</param>
    /// <param name="wanted">The rows that are not locked yet, in key order; asked again behind every lock, for a merge may have taken a row away meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The locks, to be disposed, or null when one did not come in time.</returns>
    public static async Task<InMemoryRowLocks?> AcquireAsync(InMemoryDatabase database, Func<IEnumerable<InMemoryCheckpoint>> wanted, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var locks = new InMemoryRowLocks();
        try
        {
            while (locks.Next(database, wanted) is { } next)
            {
                await next.RowLock.AcquireAsync(either.Token);
                locks._held.Add(next);
            }

            return locks;
        }
        catch (OperationCanceledException)
        {
            locks.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Locks those rows that nobody holds.</summary>
    public static InMemoryRowLocks AcquireFree(IEnumerable<InMemoryCheckpoint> rows)
    {
        var locks = new InMemoryRowLocks();
        locks._held.AddRange(rows.Where(row => row.RowLock.TryAcquire()));
        return locks;
    }

    /// <summary>Whether any row is locked.</summary>
    public bool Any => _held.Count > 0;

    /// <summary>Whether a row is among them.</summary>
    public bool Holds(InMemoryCheckpoint row) => _held.Contains(row);

    public void Dispose() => _held.ForEach(row => row.RowLock.Release());

    private InMemoryCheckpoint? Next(InMemoryDatabase database, Func<IEnumerable<InMemoryCheckpoint>> wanted)
    {
        lock (database.Gate)
        {
            return wanted().FirstOrDefault(row => !_held.Contains(row));
        }
    }
}
