using Orchestrator.Tests.Support;
using Orchestrator.Workflows.Journal;

namespace Orchestrator.Workflows.Tests.Journal;

/// <summary>The contract, kept in memory.</summary>
internal sealed class InMemoryJournalTests
{
    private readonly ManualTime _time = new();

    public InMemoryJournalTests() => Journal = new InMemoryWorkflowJournal(_time);

    private InMemoryWorkflowJournal Journal { get; }

    [Test]
    public Task Journal_Always_ClaimsANewRun() => WorkflowJournalContract.ClaimsANewRunAsync(Journal);

    [Test]
    public Task Journal_Always_KeepsARunForWhoeverClaimedIt() => WorkflowJournalContract.KeepsARunForWhoeverClaimedItAsync(Journal);

    [Test]
    public Task Journal_Always_GivesAReleasedRunToTheNext() => WorkflowJournalContract.GivesAReleasedRunToTheNextAsync(Journal);

    [Test]
    public Task Journal_Always_FencesWhoeverHasLostARun() => WorkflowJournalContract.FencesWhoeverHasLostARunAsync(Journal, LetTimePassAsync);

    [Test]
    public Task Journal_Always_RenewsWhatHasExpiredAndWasNotTaken() => WorkflowJournalContract.RenewsWhatHasExpiredAndWasNotTakenAsync(Journal, LetTimePassAsync);

    [Test]
    public Task Journal_Always_EndsARun() => WorkflowJournalContract.EndsARunAsync(Journal);

    [Test]
    public Task Journal_Always_WritesAnEntryOnce() => WorkflowJournalContract.WritesAnEntryOnceAsync(Journal);

    [Test]
    public Task Journal_Always_KeepsAllOfAnEntry() => WorkflowJournalContract.KeepsAllOfAnEntryAsync(Journal);

    [Test]
    public Task Journal_Always_RefusesAnotherRequest() => WorkflowJournalContract.RefusesAnotherRequestAsync(Journal);

    [Test]
    public Task Journal_Always_KeepsTheDefinitionThatARunWasBegunWith() => WorkflowJournalContract.KeepsTheDefinitionThatARunWasBegunWithAsync(Journal);

    private Task LetTimePassAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return Task.CompletedTask;
    }
}
