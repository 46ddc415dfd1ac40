using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Workflows.Journal;
using Orchestrator.Workflows.Tests.Support;

namespace Orchestrator.Workflows.Tests.Journal;

/// <summary>The contract, kept by a server; and what only a server does.</summary>
internal sealed class PostgreSqlJournalTests : PostgreSqlFixture
{
    private JournalDatabase _database = null!;

    private IWorkflowJournal Journal => _database.Journal;

    [OneTimeSetUp]
    public async Task OpenAsync() => _database = await JournalDatabase.OpenAsync(ConnectionString);

    [OneTimeTearDown]
    public async Task CloseAsync() => await _database.DisposeAsync();

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

    [Test]
    public async Task AppendAsync_WhileTheRunIsTakenOver_WaitsAndIsRefused()
    {
        WorkflowClaim claim = (await ClaimAsync()).Claim!;
        await using NpgsqlConnection other = await DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction takeOver = await other.BeginTransactionAsync();
        await using (NpgsqlCommand take = new($"UPDATE orchestrator_workflow_runs SET claim_token = claim_token + 1 WHERE run_id = {claim.RunId}", other, takeOver))
        {
            await take.ExecuteNonQueryAsync();
        }

        Task append = Journal.AppendAsync(claim, new JournalEntry { Number = 1, Kind = JournalEntryKind.Succeeded, Service = "a", Attempt = 1 }, CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => ReadAsync<bool>($"SELECT count(*) = 1 FROM pg_stat_activity WHERE {other.ProcessID} = ANY (pg_blocking_pids(pid))"));
        Assert.That(append.IsCompleted, Is.False);
        await takeOver.CommitAsync();

        Assert.That(() => append, Throws.TypeOf<WorkflowClaimLostException>());
        Assert.That(await ReadAsync<long>($"SELECT count(*) FROM orchestrator_workflow_journal WHERE run_id = {claim.RunId}"), Is.Zero);
    }

    [Test]
    public async Task AppendAsync_TextThatPostgreSqlCannotHold_IsRecordedAllTheSame()
    {
        WorkflowClaim claim = (await ClaimAsync()).Claim!;

        await Journal.AppendAsync(claim, new JournalEntry { Number = 1, Kind = JournalEntryKind.Failed, Service = "a", Attempt = 1, Error = "a\0b\ud800c", Warnings = ["\0"] }, CancellationToken.None);

        Assert.That(await ReadAsync<string>($"SELECT error || warnings[1] FROM orchestrator_workflow_journal WHERE run_id = {claim.RunId}"), Is.EqualTo("a\ufffdb\ufffdc\ufffd"));
    }

    [Test]
    public async Task RunAsync_TwoHostsTheSameId_OneRunsItAndBothGetTheSameResult()
    {
        var log = new CallLog();
        await using var one = new WorkflowHost(workflow => workflow.AddService("a", log.Answer).AddService("b", log.FailFirst(1), s => s.DependsOn("a")), Journal, TimeProvider.System);
        await using var two = new WorkflowHost(workflow => workflow.AddService("a", log.Answer).AddService("b", log.FailFirst(1), s => s.DependsOn("a")), Journal, TimeProvider.System);
        string id = Guid.NewGuid().ToString();

        WorkflowResult[] results = await Task.WhenAll(one.RunAsync(id), two.RunAsync(id));

        Assert.That(log.Calls, Is.EqualTo(new[] { "a", "b", "b" }));
        Assert.That(results[0].Services.Select(Describe), Is.EqualTo(results[1].Services.Select(Describe)));

        static string Describe(ServiceResult service) => $"{service.Service} {service.Outcome} {service.Response} {service.Attempts} {service.StartedAt:O} {service.FinishedAt:O}";
    }

    [Test]
    public async Task RetryAsync_FailedRun_AsksWhatHasNotSucceededAgain()
    {
        var log = new CallLog();
        bool isMended = false;
        await using var host = new WorkflowHost(
            workflow => workflow
                .AddService("a", log.Answer)
                .AddService("b", (context, token) => isMended ? log.Answer(context, token) : log.Fail(context, token), s => s.DependsOn("a").Retry(0))
                .AddService("c", log.Answer, s => s.DependsOn("b")),
            Journal,
            TimeProvider.System);
        string id = Guid.NewGuid().ToString();
        WorkflowResult failed = await host.RunAsync(id);
        Assert.That(failed["c"].Outcome, Is.EqualTo(ServiceOutcome.Skipped));
        isMended = true;
        Assert.That((await host.RunAsync(id)).Succeeded, Is.False, "it has failed for good");

        Assert.That(await _database.Runs.RetryAsync("test", id, CancellationToken.None), Is.True);
        WorkflowResult result = await host.RunAsync(id);

        Assert.That(result.Services.Select(service => (service.Outcome, service.Attempts)), Is.EqualTo(new[] { (ServiceOutcome.Succeeded, 1), (ServiceOutcome.Succeeded, 2), (ServiceOutcome.Succeeded, 1) }));
        Assert.That(log.Calls, Is.EqualTo(new[] { "a", "b", "b", "c" }));
        Assert.That(await _database.Runs.RetryAsync("test", id, CancellationToken.None), Is.False, "only what has failed");
    }

    private ValueTask<WorkflowRun> ClaimAsync() => Journal.ClaimAsync(new WorkflowRunStart("checkout", Guid.NewGuid().ToString(), "hash"), "test", TimeSpan.FromMinutes(5), CancellationToken.None);

    // A claim of a millisecond has expired when the server's clock says so.
    private Task LetTimePassAsync() => Eventually.HoldsAsync(() => ReadAsync<bool>("SELECT bool_and(claim_expires_at <= clock_timestamp()) FROM orchestrator_workflow_runs WHERE run_id = (SELECT max(run_id) FROM orchestrator_workflow_runs)"));
}
