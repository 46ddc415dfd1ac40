using Orchestrator.Hosting.Threading;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Stores;

/// <summary>
/// Carries calls from a process to the server and replies back, each on its way for a random time. The server does what it has received whatever becomes of the caller.
/// </summary>
internal sealed class SimulatedNetwork(World world, SimulatedNode client, SimulatedNode server)
{
    private readonly List<Action> _pending = [];
    private int _repliesToLose;
    private int _requestsToLose;
    private (long Until, double Milliseconds) _slow;

    public World World => world;

    public SimulatedNode Client => client;

    public SimulatedNode Server => server;

    /// <summary>Changes when every connection is lost.</summary>
    public int Connection { get; private set; }

    /// <summary>The reply of the next call is lost, after the server has done what it asked for.</summary>
    public void LoseNextReply() => _repliesToLose++;

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
        foreach (Action fail in _pending.ToArray())
        {
            fail();
        }

        _pending.Clear();
    }

    /// <summary>Calls the server.</summary>
    /// <param name="what">For the trace.</param>
    /// <param name="operation">Runs on the server.</param>
    /// <param name="abandoned">Runs on the server when the caller will never see the result: it cancelled, crashed, or the reply was lost.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> CallAsync<T>(string what, Func<Task<T>> operation, Action<T>? abandoned, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_requestsToLose > 0)
        {
            _requestsToLose--;
            world.Say(client, $"loses the request to {what}");
            await Interruptible.DelayAsync(Latency(), client.Time, cancellationToken);
            throw new SimulatedConnectionLostException();
        }

        var call = new Call<T>(abandoned);
        Action fail = () => Fail(call);
        _pending.Add(fail);
        world.At(server, Latency(), () => _ = ServeAsync(what, operation, call));
        try
        {
            return await Interruptible.WaitAsync(call.Reply.Task, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.Abandon();
            throw;
        }
        finally
        {
            _pending.Remove(fail);
        }
    }

    private void Fail<T>(Call<T> call)
    {
        call.Abandon();
        world.At(client, Latency(), () => call.Reply.TrySetException(new SimulatedConnectionLostException()));
    }

    private TimeSpan Latency()
    {
        if (world.Now < _slow.Until && world.Chance(0.3))
        {
            return world.Between(1, _slow.Milliseconds);
        }

        return world.Chance(0.02) ? world.Between(5, 60) : world.Between(0.05, 1);
    }

    private async Task ServeAsync<T>(string what, Func<Task<T>> operation, Call<T> call)
    {
        try
        {
            T result = await operation();
            if (_repliesToLose > 0)
            {
                _repliesToLose--;
                world.Say(client, $"loses the reply to {what}");
                call.Complete(result);
                Fail(call);
                return;
            }

            call.Complete(result);
            world.At(client, Latency(), () => call.Deliver());
        }
        catch (Exception exception)
        {
            world.At(client, Latency(), () => call.Reply.TrySetException(exception));
        }
    }

    private sealed class Call<T>(Action<T>? abandoned)
    {
        private bool _completed;
        private bool _abandoned;
        private bool _settled;
        private T? _result;

        public TaskCompletionSource<T> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete(T result)
        {
            _result = result;
            _completed = true;
            SettleIfAbandoned();
        }

        public void Abandon()
        {
            _abandoned = true;
            SettleIfAbandoned();
        }

        public void Deliver()
        {
            if (!_abandoned)
            {
                _settled = true;
                Reply.TrySetResult(_result!);
            }
        }

        private void SettleIfAbandoned()
        {
            if (_completed && _abandoned && !_settled)
            {
                _settled = true;
                abandoned?.Invoke(_result!);
            }
        }
    }
}
