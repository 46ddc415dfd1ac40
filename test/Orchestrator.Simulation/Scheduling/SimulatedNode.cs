namespace Orchestrator.Simulation.Scheduling;

/// <summary>A process: what runs in it comes back to it after every await, until it is frozen (nothing runs, everything waits) or crashed (nothing ever runs again).</summary>
internal sealed class SimulatedNode : SynchronizationContext
{
    private readonly List<Scheduled> _held = [];
    private readonly World _world;
    private (int Callbacks, Action Do)? _doom;
    private bool _frozen;

    /// <summary>Adds a process to a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="name">For the trace.</param>
    /// <param name="rate">How fast its monotonic clock runs; 1: true.</param>
    /// <param name="wrongBy">How far its wall clock is from the truth.</param>
    public SimulatedNode(World world, string name, double rate = 1, TimeSpan wrongBy = default)
    {
        _world = world;
        Name = name;
        Time = new SimulatedTime(world, this, rate, wrongBy);
    }

    /// <summary>The process that the caller runs in.</summary>
    public static SimulatedNode OfCaller => (SimulatedNode)Current!;

    public string Name { get; }

    public SimulatedTime Time { get; }

    public bool Crashed { get; private set; }

    public bool Frozen => _frozen;

    public override void Post(SendOrPostCallback d, object? state) => _world.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing blocks in a simulation.");

    public override SynchronizationContext CreateCopy() => this;

    public void Run(Scheduled callback)
    {
        if (Crashed || callback.Cancelled)
        {
            return;
        }

        if (_frozen)
        {
            _held.Add(callback);
            return;
        }

        if (_doom is { } doom)
        {
            _doom = doom.Callbacks == 0 ? null : (doom.Callbacks - 1, doom.Do);
            if (_doom is null)
            {
                doom.Do();
                return;
            }
        }

        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback.Run();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Starts asynchronous work in this process; its outcome goes to the callback.</summary>
    public void Start(Func<Task> work, Action<Exception?> ended) => _world.Post(this, _ => _ = RunToEndAsync(work, ended), null);

    public void Crash() => Crashed = true;

    /// <summary>Does something instead of one of the callbacks to come: between two awaits, wherever that is.</summary>
    public void InsteadOfCallback(int number, Action what) => _doom = (number, what);

    public void Freeze() => _frozen = true;

    public void Thaw()
    {
        _frozen = false;
        foreach (Scheduled callback in _held)
        {
            _world.Post(callback);
        }

        _held.Clear();
    }

    private static async Task RunToEndAsync(Func<Task> work, Action<Exception?> ended)
    {
        try
        {
            await work();
            ended(null);
        }
        catch (Exception exception)
        {
            ended(exception);
        }
    }
}
