using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Journal;

/// <summary>What every journal does.</summary>
internal static class WorkflowJournalContract
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(1);

    public static async Task ClaimsANewRunAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start() with { Payload = """{ "a" :  1, "a": "\u0000" }""", TenantId = "t", OrganizationId = "o" };

        WorkflowRun run = await ClaimAsync(journal, start);

        Assert.That(run.Claim, Is.Not.Null);
        Assert.That(run.Start, Is.EqualTo(start), "the payload as it was written");
        Assert.That((run.Status, run.Entries.Count), Is.EqualTo((WorkflowRunStatus.Running, 0)));
    }

    public static async Task KeepsARunForWhoeverClaimedItAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start();
        WorkflowRun mine = await ClaimAsync(journal, start);
        await journal.AppendAsync(mine.Claim!, Started(1), CancellationToken.None);

        WorkflowRun seen = await ClaimAsync(journal, start);

        Assert.That(seen.Claim, Is.Null);
        Assert.That(seen.Entries, Has.Count.EqualTo(1));
        Assert.That((await ClaimAsync(journal, start with { RequestId = "another" })).Claim!.RunId, Is.Not.EqualTo(mine.Claim!.RunId));
        Assert.That((await ClaimAsync(journal, start with { Workflow = "another" })).Claim!.RunId, Is.Not.EqualTo(mine.Claim.RunId));
    }

    public static async Task GivesAReleasedRunToTheNextAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim first = (await ClaimAsync(journal, start)).Claim!;
        await journal.ReleaseAsync(first, CancellationToken.None);

        WorkflowClaim second = (await ClaimAsync(journal, start)).Claim!;

        Assert.That(second.RunId, Is.EqualTo(first.RunId));
        Assert.That(second.Token, Is.GreaterThan(first.Token));
        await AssertOverAsync(journal, first);
        await journal.ReleaseAsync(first, CancellationToken.None);
        Assert.That((await ClaimAsync(journal, start)).Claim, Is.Null, "an old claim gives nothing back");
    }

    public static async Task FencesWhoeverHasLostARunAsync(IWorkflowJournal journal, Func<Task> letTimePass)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim stale = (await ClaimAsync(journal, start, s_short)).Claim!;
        await letTimePass();
        await journal.AppendAsync(stale, Started(1), CancellationToken.None);
        WorkflowRun run = await ClaimAsync(journal, start);
        Assert.That(run.Claim, Is.Not.Null, "it has expired");
        Assert.That(run.Entries, Has.Count.EqualTo(1), "what was written before the run was taken counts");

        await AssertOverAsync(journal, stale);

        await journal.AppendAsync(run.Claim!, Started(2), CancellationToken.None);
        await journal.FinishAsync(run.Claim!, WorkflowRunStatus.Failed, CancellationToken.None);
        Assert.That((await ClaimAsync(journal, start)).Entries.Select(entry => entry.Number), Is.EqualTo(new[] { 1, 2 }));
    }

    public static async Task RenewsWhatHasExpiredAndWasNotTakenAsync(IWorkflowJournal journal, Func<Task> letTimePass)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim claim = (await ClaimAsync(journal, start, s_short)).Claim!;
        await letTimePass();

        await journal.RenewAsync(claim, s_long, CancellationToken.None);

        Assert.That((await ClaimAsync(journal, start)).Claim, Is.Null);
    }

    public static async Task EndsARunAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim claim = (await ClaimAsync(journal, start)).Claim!;

        await journal.FinishAsync(claim, WorkflowRunStatus.Succeeded, CancellationToken.None);

        await journal.FinishAsync(claim, WorkflowRunStatus.Succeeded, CancellationToken.None);
        WorkflowRun run = await ClaimAsync(journal, start);
        Assert.That((run.Claim, run.Status), Is.EqualTo(((WorkflowClaim?)null, WorkflowRunStatus.Succeeded)), "ending it twice, as after a lost answer, changes nothing");
        Assert.That(async () => await journal.AppendAsync(claim, Started(1), CancellationToken.None), Throws.TypeOf<WorkflowClaimLostException>());
        Assert.That(async () => await journal.RenewAsync(claim, s_long, CancellationToken.None), Throws.TypeOf<WorkflowClaimLostException>());
    }

    public static async Task WritesAnEntryOnceAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim claim = (await ClaimAsync(journal, start)).Claim!;
        DateTimeOffset first = await journal.AppendAsync(claim, Started(1), CancellationToken.None);

        DateTimeOffset again = await journal.AppendAsync(claim, Started(1), CancellationToken.None);

        Assert.That(again, Is.EqualTo(first));
        await journal.ReleaseAsync(claim, CancellationToken.None);
        Assert.That((await ClaimAsync(journal, start)).Entries, Has.Count.EqualTo(1));
    }

    public static async Task KeepsAllOfAnEntryAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start();
        WorkflowClaim claim = (await ClaimAsync(journal, start)).Claim!;
        JournalEntry[] entries =
        [
            new() { Number = 3, Kind = JournalEntryKind.Succeeded, Service = "é 😀", Attempt = 7, Response = """ [1, "\u0000"] """, Warnings = ["one", "", "'"] },
            new() { Number = 4, Kind = JournalEntryKind.Retrying, Service = "b", Attempt = 1, Error = "System.Exception: no" },
            new() { Number = 5, Kind = JournalEntryKind.Failed, Service = "b", Attempt = 2, Error = "System.Exception: no" },
            new() { Number = 6, Kind = JournalEntryKind.Skipped, Service = "c", BecauseOf = "b" },
            new() { Number = 9, Kind = JournalEntryKind.Reset },
        ];
        foreach (JournalEntry entry in entries.Reverse())
        {
            await journal.AppendAsync(claim, entry, CancellationToken.None);
        }

        JournalEntry[] read = [.. (await ClaimAsync(journal, start)).Entries];

        Assert.That(read.Select(entry => entry.RecordedAt), Has.None.EqualTo(default(DateTimeOffset)));
        Assert.That(read.Select(entry => entry with { RecordedAt = default, Warnings = [] }), Is.EqualTo(entries.Select(entry => entry with { Warnings = [] })), "by number");
        Assert.That(read.Select(entry => entry.Warnings), Is.EqualTo(entries.Select(entry => entry.Warnings)));
    }

    public static async Task RefusesAnotherRequestAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart start = Start() with { Payload = "1", TenantId = "t" };
        await journal.ReleaseAsync((await ClaimAsync(journal, start)).Claim!, CancellationToken.None);

        foreach (WorkflowRunStart other in new[] { start with { Payload = "2" }, start with { Payload = null }, start with { TenantId = "u" }, start with { OrganizationId = "o" } })
        {
            WorkflowRun run = await ClaimAsync(journal, other);
            Assert.That((run.Claim, run.Start), Is.EqualTo(((WorkflowClaim?)null, start)));
        }

        Assert.That((await ClaimAsync(journal, start)).Claim, Is.Not.Null);
    }

    public static async Task KeepsTheDefinitionThatARunWasBegunWithAsync(IWorkflowJournal journal)
    {
        WorkflowRunStart old = Start();
        WorkflowRunStart changed = old with { DefinitionHash = "changed" };
        await journal.ReleaseAsync((await ClaimAsync(journal, old)).Claim!, CancellationToken.None);

        WorkflowRun run = await ClaimAsync(journal, changed);
        Assert.That(run.Claim, Is.Not.Null, "nothing has happened yet");
        Assert.That(run.Start.DefinitionHash, Is.EqualTo("changed"));
        await journal.AppendAsync(run.Claim!, Started(1), CancellationToken.None);
        await journal.ReleaseAsync(run.Claim!, CancellationToken.None);

        WorkflowRun refused = await ClaimAsync(journal, old);
        Assert.That((refused.Claim, refused.Start.DefinitionHash), Is.EqualTo(((WorkflowClaim?)null, "changed")));
        Assert.That((await ClaimAsync(journal, changed)).Claim, Is.Not.Null);
    }

    private static async Task AssertOverAsync(IWorkflowJournal journal, WorkflowClaim claim)
    {
        Assert.That(async () => await journal.AppendAsync(claim, Started(99), CancellationToken.None), Throws.TypeOf<WorkflowClaimLostException>());
        Assert.That(async () => await journal.RenewAsync(claim, s_long, CancellationToken.None), Throws.TypeOf<WorkflowClaimLostException>());
        Assert.That(async () => await journal.FinishAsync(claim, WorkflowRunStatus.Failed, CancellationToken.None), Throws.TypeOf<WorkflowClaimLostException>());
        await Task.CompletedTask;
    }

    private static async Task<WorkflowRun> ClaimAsync(IWorkflowJournal journal, WorkflowRunStart start, TimeSpan? duration = null) =>
        await journal.ClaimAsync(start, "test", duration ?? s_long, CancellationToken.None);

    private static WorkflowRunStart Start() => new("checkout", Guid.NewGuid().ToString(), "hash");

    private static JournalEntry Started(int number) => new() { Number = number, Kind = JournalEntryKind.Started, Service = "a", Attempt = 1 };
}
