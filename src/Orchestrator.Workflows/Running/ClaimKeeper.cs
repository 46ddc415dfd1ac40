using Microsoft.Extensions.Logging;
using Orchestrator.Workflows.Definitions;
using Orchestrator.Workflows.Diagnostics;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Running;

/// <summary>
/// Renews a claim until it is disposed. The claim may count as held for its duration from the moment at which the last renewal that was answered had been sent: it cannot have expired before by the journal's clock.
/// </summary>
internal sealed class ClaimKeeper : IAsyncDisposable
{
    private const int RenewalsInADuration = 3;

    private readonly RunnableWorkflow _workflow;
    private readonly WorkflowRunStart _start;
    private readonly WorkflowClaim _claim;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ClaimKeeper(RunnableWorkflow workflow, WorkflowRunStart start, WorkflowClaim claim, TimeProvider time, ILogger logger)
    {
        _workflow = workflow;
        _start = start;
        _claim = claim;
        _time = time;
        _logger = logger;
        _lost = new CancellationTokenSource(Duration, time);
        Lost = _lost.Token;
        _loop = RenewAsync();
    }

    /// <summary>Cancelled when the claim may not count as held any more.</summary>
    public CancellationToken Lost { get; }

    private TimeSpan Duration => _workflow.Definition.ClaimDuration;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _lost.Token);
        try
        {
            while (true)
            {
                await Task.Delay(Duration / RenewalsInADuration, _time, ended.Token).ConfigureAwait(false);
                await RenewOnceAsync(ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        catch (WorkflowClaimLostException)
        {
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        long sent = _time.GetTimestamp();
        try
        {
            await _workflow.Journal.RenewAsync(_claim, Duration, cancellationToken).ConfigureAwait(false);
            TimeSpan left = Duration - _time.GetElapsedTime(sent);
            _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        catch (Exception exception) when (exception is not (WorkflowClaimLostException or OperationCanceledException))
        {
            _logger.RenewalFailed(exception, _start.Workflow, _start.RequestId, _claim.Token);
        }
    }
}
