namespace Orchestrator.ChaosTests.Proxy;

/// <summary>Which way the bytes go.</summary>
internal enum Direction
{
    ToServer,
    ToClient,
}

/// <summary>How bad the network behind a proxy is at the moment, for all of its connections.</summary>
internal sealed class Weather
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource?[] _silence = new TaskCompletionSource?[2];
    private volatile CommitTrap? _trap;
    private long _delayTicks;

    /// <summary>How long each piece of data is on its way, in both directions.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>From now on nothing arrives any more in this direction; what is sent is kept until it does again.</summary>
    public void BeginSilence(Direction direction)
    {
        lock (_lock)
        {
            _silence[(int)direction] ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What was kept arrives, and everything else does too.</summary>
    public void EndSilence(Direction direction)
    {
        lock (_lock)
        {
            _silence[(int)direction]?.SetResult();
            _silence[(int)direction] = null;
        }
    }

    /// <summary>Cuts the connection of the next commit, at this point of it. The trap that was set before, if it has not struck, is taken away.</summary>
    public CommitTrap SetTrap(CommitCut where) => _trap = new CommitTrap(where);

    /// <summary>Takes the trap away.</summary>
    public void RemoveTrap() => _trap = null;

    /// <summary>Takes the trap, if there is one for this point: only one connection falls into it.</summary>
    public CommitTrap? Take(CommitCut where) => _trap is { } trap && trap.Where == where && Interlocked.CompareExchange(ref _trap, null, trap) == trap ? trap : null;

    /// <summary>Waits for as long as a piece of data is on its way.</summary>
    public async Task PassAsync(Direction direction, CancellationToken cancellationToken)
    {
        if (Delay is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, TimeProvider.System, cancellationToken);
        }

        while (IsSilent(direction, out Task end))
        {
            await end.WaitAsync(cancellationToken);
        }
    }

    private bool IsSilent(Direction direction, out Task end)
    {
        lock (_lock)
        {
            end = _silence[(int)direction]?.Task ?? Task.CompletedTask;
            return _silence[(int)direction] is not null;
        }
    }
}
