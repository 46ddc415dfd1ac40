using System.Diagnostics;
using System.Globalization;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>Kills its process behind a write ("3"; 0 is the claim), or in front of the one that says that a service has succeeded ("before b").</summary>
internal sealed class KillingJournal(IWorkflowJournal inner, string killAt) : WrappedJournal(inner)
{
    private int _writes;

    public override async ValueTask<WorkflowRun> ClaimAsync(WorkflowRunStart start, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        WorkflowRun run = await Inner.ClaimAsync(start, owner, duration, cancellationToken);
        KillIf(killAt == "0");
        return run;
    }

    public override async ValueTask<DateTimeOffset> AppendAsync(WorkflowClaim claim, JournalEntry entry, CancellationToken cancellationToken)
    {
        KillIf(entry.Kind == JournalEntryKind.Succeeded && killAt == $"before {entry.Service}");
        DateTimeOffset recordedAt = await Inner.AppendAsync(claim, entry, cancellationToken);
        Count();
        return recordedAt;
    }

    public override async ValueTask FinishAsync(WorkflowClaim claim, WorkflowRunStatus status, CancellationToken cancellationToken)
    {
        await Inner.FinishAsync(claim, status, cancellationToken);
        Count();
    }

    private void Count() => KillIf(killAt == Interlocked.Increment(ref _writes).ToString(CultureInfo.InvariantCulture));

    private static void KillIf(bool now)
    {
        if (now)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
