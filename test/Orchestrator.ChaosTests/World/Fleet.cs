using Orchestrator.ChaosTests.Workers;

namespace Orchestrator.ChaosTests.World;

/// <summary>The worker processes.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly WorkerSlot[] _slots;

    /// <summary>Starts the workers, and leaves places for some that come and go.</summary>
    public Fleet(int workers, int guests, WorkerSurroundings surroundings)
    {
        _slots = [.. Enumerable.Range(1, workers + guests).Select(number => new WorkerSlot(number, surroundings))];
        foreach (WorkerSlot slot in _slots[..workers])
        {
            slot.Start();
        }
    }

    /// <summary>All places, with or without a process.</summary>
    public IReadOnlyList<WorkerSlot> Slots => _slots;

    /// <summary>Waits until every worker has something to do.</summary>
    public Task WaitUntilWorkingAsync() =>
        Task.WhenAll(_slots.Select(slot => slot.Process).OfType<WorkerProcess>().Select(process => process.WaitForOutputAsync("Assigned partition", StartPatience)));

    /// <summary>Takes a place, so that no other fault gets it.</summary>
    /// <param name="random">Chooses among those that are free.</param>
    /// <param name="which">Which will do; null: those that have a process.</param>
    /// <returns>The place, until it is disposed; null: none is free.</returns>
    public Taken? Take(Random random, Func<WorkerSlot, bool>? which = null)
    {
        which ??= static slot => slot.Process is not null;
        lock (_lock)
        {
            WorkerSlot[] free = [.. _slots.Where(slot => !slot.IsTaken && which(slot))];
            if (free.Length == 0)
            {
                return null;
            }

            WorkerSlot slot = free[random.Next(free.Length)];
            slot.IsTaken = true;
            slot.Inspect();
            return new Taken(this, slot);
        }
    }

    /// <summary>Notes which workers have ended by themselves.</summary>
    public void Inspect()
    {
        lock (_lock)
        {
            foreach (WorkerSlot slot in _slots.Where(slot => !slot.IsTaken))
            {
                slot.Inspect();
            }
        }
    }

    /// <summary>Stops every worker in order, all at once.</summary>
    public Task StopAsync() => Task.WhenAll(_slots.Where(slot => slot.Process is not null).Select(slot => slot.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (WorkerSlot slot in _slots)
        {
            await slot.DisposeAsync();
        }
    }

    private void GiveBack(WorkerSlot slot)
    {
        lock (_lock)
        {
            slot.IsTaken = false;
        }
    }

    /// <summary>A place that is in the hands of one fault.</summary>
    internal sealed class Taken(Fleet fleet, WorkerSlot slot) : IDisposable
    {
        public WorkerSlot Slot => slot;

        public void Dispose() => fleet.GiveBack(slot);
    }
}
