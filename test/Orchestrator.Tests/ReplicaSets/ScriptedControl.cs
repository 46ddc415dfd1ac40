using System.Threading.Channels;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>A control session that answers what a test says, and tells how long each wait would be.</summary>
internal sealed class ScriptedControl(MembershipView view, Roster roster, bool leads) : IControlSession
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly SemaphoreSlim _notified = new(0);

    /// <summary>The next wait that begins, with its longest time.</summary>
    public async Task<TimeSpan> NextWaitAsync(CancellationToken cancellationToken) => await _waits.Reader.ReadAsync(cancellationToken);

    /// <summary>Ends a wait.</summary>
    public void Notify() => _notified.Release();

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await _waits.Writer.WriteAsync(timeout, cancellationToken);
        await _notified.WaitAsync(cancellationToken);
    }

    public Task<(MembershipView View, bool Leads)> ReadViewAsync(bool tryToLead, CancellationToken cancellationToken) => Task.FromResult((view, leads));

    public Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => Task.FromResult(roster);

    public Task AcknowledgeAsync(long generationId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Guid>> RemoveAsync(IReadOnlyList<WorkerRemoval> removals, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long?> FormAsync(FormGeneration transition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Activation?> ActivateAsync(ActivateGeneration transition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PartitionTake?> TakePartitionAsync(StaticPartition partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _notified.Dispose();
        return ValueTask.CompletedTask;
    }
}
