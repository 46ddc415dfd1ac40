using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Journal;
using Polly;
using Polly.Retry;

namespace Orchestrator.Workflows.Running;

/// <summary>Asks one service until it has succeeded or has failed for good. Every attempt is in the journal before it begins.</summary>
internal sealed class ServiceExecution(ServiceDefinition service, RunJournal journal, AttemptRunner attempts, TimeProvider time)
{
    /// <summary>Asks.</summary>
    /// <param name="stop">Stops waiting and retrying at once.</param>
    /// <param name="lost">Cancelled when the claim is over.</param>
    /// <returns>How the last attempt ended; not in the journal yet.</returns>
    public async Task<AttemptOutcome> RunAsync(CancellationToken stop, CancellationToken lost)
    {
        ResiliencePipeline<AttemptOutcome> retrying = service.Retry.MaxRetries == 0 ? ResiliencePipeline<AttemptOutcome>.Empty : Retrying(lost);
        return await retrying.ExecuteAsync(static (self, token) => self.AttemptAsync(token), this, stop).ConfigureAwait(false);
    }

    // How often and after which pause, AttemptAsync has decided: it knows of the attempts before a restart, too.
    private ResiliencePipeline<AttemptOutcome> Retrying(CancellationToken lost) => new ResiliencePipelineBuilder<AttemptOutcome> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<AttemptOutcome>
        {
            MaxRetryAttempts = service.Retry.MaxRetries,
            ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter is not null),
            DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result!.RetryAfter),
            OnRetry = async args => await journal.WriteAsync(args.Outcome.Result!.Entry with { Kind = JournalEntryKind.Retrying }, exception: null, lost).ConfigureAwait(false),
        })
        .Build();

    private async ValueTask<AttemptOutcome> AttemptAsync(CancellationToken stop)
    {
        int attempt = journal.History.AttemptsOf(service.Name) + 1;
        await journal.WriteAsync(new JournalEntry { Number = 0, Kind = JournalEntryKind.Started, Service = service.Name, Attempt = attempt }, exception: null, stop).ConfigureAwait(false);
        AttemptOutcome outcome = await attempts.RunAsync(service, attempt, journal.History, stop).ConfigureAwait(false);
        return outcome.Exception is { } exception ? outcome with { RetryAfter = PauseBehind(exception) } : outcome;
    }

    private TimeSpan? PauseBehind(Exception exception)
    {
        int failures = journal.History.FailuresOf(service.Name) + 1;
        return failures <= service.Retry.MaxRetries && service.Retry.ShouldRetry(exception) ? service.Retry.Delay(failures, Random.Shared.NextDouble()) : null;
    }
}
