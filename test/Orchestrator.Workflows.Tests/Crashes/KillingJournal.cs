using System.Diagnostics;
using System.Globalization;
using Orchestrator.Projections;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>Kills its process behind a write ("3"; 0 is the claim), or in front of the one that says that a service has succeeded ("before b").</summary>
internal sealed class KillingJournal(IWorkflowJournal inner, string killAt) : IWorkflowJournal
{
    private int _writes;

    public async ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        WorkflowRun run = await inner.ClaimAsync(start, owner, duration, cancellationToken);
        KillIf(killAt == "0");
        return run;
    }

    public void Enqueue(ProjectionContext context, WorkflowRunStart start) => inner.Enqueue(context, start);

    public ValueTask<WorkflowRun?> ClaimNextAsync(string workflow, string definitionHash, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.ClaimNextAsync(workflow, definitionHash, owner, duration, cancellationToken);

    public ValueTask RenewAsync(WorkflowClaim claim, TimeSpan duration, CancellationToken cancellationToken) => inner.RenewAsync(claim, duration, cancellationToken);

    public async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        KillIf(entry.Kind == JournalEntryKind.Succeeded && killAt == $"before {entry.Service}");
        DateTimeOffset recordedAt = await inner.AppendAsync(claim, entry, cancellationToken);
        Count();
        return recordedAt;
    }

    public async ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken)
    {
        await inner.FinishAsync(claim, status, cancellationToken);
        Count();
    }

    public ValueTask ReleaseAsync(WorkflowClaim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);

    private void Count() => KillIf(killAt == Interlocked.Increment(ref _writes).ToString(CultureInfo.InvariantCulture));

    private static void KillIf(bool now)
    {
        if (now)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
