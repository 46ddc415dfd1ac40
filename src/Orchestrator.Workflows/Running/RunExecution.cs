using System.Runtime.ExceptionServices;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>Takes the services of one run through their graph: each as soon as what it depends on has ended, independent ones at the same time.</summary>
/// <param name="definition">The graph.</param>
/// <param name="journal">What has ended before, and where everything is written.</param>
/// <param name="attempts">Asks a service once.</param>
/// <param name="time">For the pauses between attempts.</param>
/// <param name="lost">Cancelled when the claim is over: the one thing that keeps an outcome from being recorded.</param>
internal sealed class RunExecution(WorkflowDefinition definition, RunJournal journal, AttemptRunner attempts, TimeProvider time, CancellationToken lost)
{
    private ExceptionDispatchInfo? _first;

    /// <summary>Runs what has not ended yet.</summary>
    /// <param name="stop">Cancelled from outside, or from here when the journal fails: then nothing else is begun.</param>
    /// <exception cref="OperationCanceledException">Cancelled. Every service that was running has stopped, or was left behind by its time limit.</exception>
    /// <exception cref="WorkflowClaimLostException">The claim is over.</exception>
    public async Task RunAsync(CancellationTokenSource stop)
    {
        var running = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (ServiceDefinition service in definition.InOrder)
        {
            running.Add(service.Name, RunAsync(service, [.. service.Dependencies.Select(dependency => running[dependency.Service])], stop));
        }

        await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _first?.Throw();
    }

    private async Task RunAsync(ServiceDefinition service, Task[] dependencies, CancellationTokenSource stop)
    {
        try
        {
            await Task.WhenAll(dependencies).ConfigureAwait(false);
            await RunAsync(service, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The first tells why; the others only follow from it.
            Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(exception), null);
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunAsync(ServiceDefinition service, CancellationToken stop)
    {
        if (journal.History.ResultOf(service.Name) is not null)
        {
            return;
        }

        stop.ThrowIfCancellationRequested();
        if (SkipCause.Of(service, journal.History) is { } cause)
        {
            await journal.WriteAsync(new JournalEntry { Number = 0, Kind = JournalEntryKind.Skipped, Service = service.Name, BecauseOf = cause }, exception: null, lost).ConfigureAwait(false);
            return;
        }

        AttemptOutcome last = await new ServiceExecution(service, journal, attempts, time).RunAsync(stop, lost).ConfigureAwait(false);
        await journal.WriteAsync(last.Entry, last.Exception, lost).ConfigureAwait(false);
    }
}
