using Orchestrator.Hosting.InMemory;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>
/// The in-memory provider, on which the simulation runs the production code, answers as PostgreSQL does: random sequences of what workers ask, of both. Beside the contracts, which say what the answers
/// must be, this says that there are no others.
/// </summary>
[TestFixture]
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
internal sealed class CoordinationAgreementTests
{
    // Each of these must happen, or the sequences would show nothing of it.
    private static readonly string[] s_reached =
    [
        "Acknowledge", "Activate", "Activate refused", "Beat", "Begin", "Begin refused", "Commit", "Form", "Form refused", "Leave", "Load", "LoseSession", "Merge", "Merge refused", "ReadProgress", "ReadRoster",
        "ReadView", "Register", "Remove", "Remove refused", "RollBack", "Take", "Take refused",
    ];

    private readonly SortedDictionary<string, int> _reached = new(StringComparer.Ordinal);
    private CoordinationDatabase? _database;

    [OneTimeSetUp]
    public async Task CreateDatabase() => _database = await CoordinationDatabase.CreateAsync();

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Test]
    public async Task RandomCommands_OfBothProviders_AnswerTheSame()
    {
        int[] seeds = [.. RandomSequences.Seeds(150)];
        foreach (int seed in seeds)
        {
            await RunAsync(seed);
        }

        TestContext.Out.WriteLine(string.Join(", ", _reached.Select(pair => $"{pair.Key}: {pair.Value}")));
        if (seeds.Length > 1)
        {
            Assert.That(_reached.Keys, Is.SupersetOf(s_reached));
        }
    }

    private async Task RunAsync(int seed)
    {
        string replicaSet = $"set-{Guid.NewGuid():N}";
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        var database = new InMemoryDatabase();
        await using var memory = new CoordinationSide(
            new InMemoryMembershipStore(database, TimeProvider.System), new InMemoryCheckpointStore(database), replicaSet, ids, static _ => Task.CompletedTask);
        await using var real = new CoordinationSide(_database!.Membership, _database.Checkpoints, replicaSet, ids, UntilGoneAsync);
        var source = new CommandSource(seed, database.ReplicaSet(replicaSet), memory);
        var story = new List<string> { $"seed {seed}:" };
        for (int step = 0; step < 40; step++)
        {
            CoordinationCommand command = source.Next();
            source.Done(command, await AgreeAsync(command));
        }

        await AgreeAsync(new CoordinationCommand.ReadRoster(0));
        await AgreeAsync(new CoordinationCommand.ReadProgress());

        async Task<string> AgreeAsync(CoordinationCommand command)
        {
            story.Add($"{command}");
            string expected = await real.DoAsync(command);
            string answer = await memory.DoAsync(command);
            story.Add($"  {expected}");
            Assert.That(answer, Is.EqualTo(expected), () => string.Join(Environment.NewLine, story));
            string reached = command.GetType().Name + (IsRefusal(answer) ? " refused" : "");
            _reached[reached] = _reached.GetValueOrDefault(reached) + 1;
            return answer;
        }
    }

    private static bool IsRefusal(string answer) => answer is "nothing" or "removed: " || answer.StartsWith("no ", StringComparison.Ordinal) || answer.StartsWith("The ", StringComparison.Ordinal);

    private Task UntilGoneAsync(Guid worker) => Eventually.HoldsAsync(
        () => _database!.ReadAsync<bool>($"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE starts_with(application_name, 'orc:{worker}:'))"));
}
