namespace Orchestrator.Simulation.Stores;

/// <summary>A call that is on its way to the server, is served there, or whose reply is on its way back.</summary>
internal abstract class SimulatedCall
{
    /// <summary>The connection is lost: the caller will hear of that, and of nothing else.</summary>
    public abstract void Fail();
}

/// <summary>A call with a result.</summary>
/// <param name="network">What carries it.</param>
/// <param name="what">For the trace.</param>
/// <param name="operation">Runs on the server.</param>
/// <param name="abandoned">Runs when the caller will never see the result.</param>
internal sealed class SimulatedCall<T>(SimulatedNetwork network, string what, Func<Task<T>> operation, Action<T>? abandoned) : SimulatedCall
{
    private static readonly SendOrPostCallback s_arrive = static call => _ = ((SimulatedCall<T>)call!).ServeAsync();
    private static readonly SendOrPostCallback s_deliver = static call => ((SimulatedCall<T>)call!).Deliver();
    private static readonly SendOrPostCallback s_lose = static call => ((SimulatedCall<T>)call!).End(new SimulatedConnectionLostException());
    private static readonly SendOrPostCallback s_giveUp = static call => ((SimulatedCall<T>)call!).GiveUp();

    // Whatever ends the wait does so in the caller's process, so the caller goes on in the same callback. Nothing could have come between.
    private readonly TaskCompletionSource<T> _reply = new();
    private CancellationTokenRegistration _cancellation;
    private bool _completed;
    private bool _abandoned;
    private T? _result;

    /// <summary>Sends the call.</summary>
    /// <returns>The reply.</returns>
    public Task<T> SendAsync(CancellationToken cancellationToken)
    {
        network.World.At(network.Server, network.Latency(), s_arrive, this);
        _cancellation = cancellationToken.UnsafeRegister(static call => ((SimulatedCall<T>)call!).OnCancelled(), this);
        return _reply.Task;
    }

    public override void Fail()
    {
        Abandon();
        network.World.At(network.Client, network.Latency(), s_lose, this);
    }

    private async Task ServeAsync()
    {
        try
        {
            _result = await operation();
        }
        catch (Exception exception)
        {
            network.World.At(network.Client, network.Latency(), () => End(exception));
            return;
        }

        _completed = true;
        SettleIfAbandoned();
        if (network.LosesReply(what))
        {
            Fail();
            return;
        }

        network.World.At(network.Client, network.Latency(), s_deliver, this);
    }

    private void Deliver()
    {
        if (!_abandoned && Ends())
        {
            _reply.SetResult(_result!);
        }
    }

    private void End(Exception exception)
    {
        if (Ends())
        {
            _reply.SetException(exception);
        }
    }

    // The caller does not go on inside of whoever cancels.
    private void OnCancelled() => network.World.Post(network.Client, s_giveUp, this);

    private void GiveUp()
    {
        if (Ends())
        {
            Abandon();
            _reply.SetCanceled(_cancellation.Token);
        }
    }

    private bool Ends()
    {
        if (!network.Forget(this))
        {
            return false;
        }

        _cancellation.Dispose();
        return true;
    }

    private void Abandon()
    {
        _abandoned = true;
        SettleIfAbandoned();
    }

    private void SettleIfAbandoned()
    {
        if (_completed && _abandoned)
        {
            _completed = false;
            abandoned?.Invoke(_result!);
        }
    }
}
