namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Holds a host's handler in the middle of its first batch, and heeds no cancellation. As a service of a <see cref="HostUnderTest"/>.</summary>
internal sealed class HandlerGate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the handler stands before the gate.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets it go on, and everyone who comes later.</summary>
    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _open.Task;
    }
}
