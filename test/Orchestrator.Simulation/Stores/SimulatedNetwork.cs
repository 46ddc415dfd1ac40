using Orchestrator.Hosting.Threading;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Stores;

/// <summary>
/// Carries calls from a process to the server and replies back, each on its way for a random time. The server does what it has received whatever becomes of the caller.
/// </summary>
internal sealed class SimulatedNetwork(World world, SimulatedNode client, SimulatedNode server)
{
    private readonly List<SimulatedCall> _pending = [];
    private int _repliesToLose;
    private int _requestsToLoseBehindReply;
    private int _requestsToLose;
    private (long Until, double Milliseconds) _slow;

    public World World => world;

    public SimulatedNode Client => client;

    public SimulatedNode Server => server;

    /// <summary>Changes when every connection is lost.</summary>
    public int Connection { get; private set; }

    /// <summary>The reply of the next call is lost, after the server has done what it asked for.</summary>
    /// <param name="andTheNextRequest">The network is still away when the caller, or another loop, asks next.</param>
    public void LoseNextReply(bool andTheNextRequest)
    {
        _repliesToLose++;
        _requestsToLoseBehindReply += andTheNextRequest ? 1 : 0;
    }

    /// <summary>The next request never arrives.</summary>
    public void LoseNextRequest() => _requestsToLose++;

    /// <summary>For a time, some messages are on their way for long, each for itself: the connections no longer keep step.</summary>
    /// <param name="duration">The time.</param>
    /// <param name="milliseconds">The longest way.</param>
    public void SlowDown(TimeSpan duration, double milliseconds) => _slow = (world.Now + duration.Ticks, milliseconds);

    /// <summary>Every connection is lost. What is on its way to the server may still arrive; no reply does.</summary>
    public void LoseConnections()
    {
        Connection++;
        _pending.ForEach(call => call.Fail());
    }

    /// <summary>Calls the server.</summary>
    /// <param name="what">For the trace.</param>
    /// <param name="operation">Runs on the server.</param>
    /// <param name="abandoned">Runs on the server when the caller will never see the result: it cancelled, crashed, or the reply was lost.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<T> CallAsync<T>(string what, Func<Task<T>> operation, Action<T>? abandoned, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (_requestsToLose > 0)
        {
            _requestsToLose--;
            world.Say(client, $"loses the request to {what}");
            return LoseAsync<T>(cancellationToken);
        }

        var call = new SimulatedCall<T>(this, what, operation, abandoned);
        _pending.Add(call);
        return call.SendAsync(cancellationToken);
    }

    /// <summary>Whether the reply that would be sent now is lost.</summary>
    /// <param name="what">The call, for the trace.</param>
    public bool LosesReply(string what)
    {
        if (_repliesToLose == 0)
        {
            return false;
        }

        _repliesToLose--;
        (_requestsToLose, _requestsToLoseBehindReply) = (_requestsToLose + _requestsToLoseBehindReply, 0);
        world.Say(client, $"loses the reply to {what}");
        return true;
    }

    /// <summary>A call has ended for its caller.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool Forget(SimulatedCall call) => _pending.Remove(call);

    /// <summary>How long the next message is on its way.</summary>
    public TimeSpan Latency()
    {
        if (world.Now < _slow.Until && world.Chance(0.3))
        {
            return world.Between(1, _slow.Milliseconds);
        }

        return world.Chance(0.02) ? world.Between(5, 60) : world.Between(0.05, 1);
    }

    private async Task<T> LoseAsync<T>(CancellationToken cancellationToken)
    {
        await Interruptible.DelayAsync(Latency(), client.Time, cancellationToken);
        throw new SimulatedConnectionLostException();
    }
}
