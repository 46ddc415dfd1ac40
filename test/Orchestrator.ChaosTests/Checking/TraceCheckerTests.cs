using Orchestrator.ChaosTests.Appending;
using Orchestrator.Testing.Shared;

namespace Orchestrator.ChaosTests.Checking;

/// <summary>The checker finds each thing that it is there to find: here the traces are written by hand, with one fault each.</summary>
[TestFixture]
internal sealed class TraceCheckerTests : PostgreSqlFixture
{
    private static readonly TracedProjection Traced = new("traced");
    private static readonly TracedProjection Effects = new("done", EventTypes.Rare, IsEffect: true);

    private LogAccess _log = null!;
    private AppendMemory _memory = null!;

    protected override bool NeedsOwnDatabase => true;

    [SetUp]
    public async Task CreateLog()
    {
        _log = new LogAccess(ConnectionString);
        _memory = new AppendMemory();
        await _log.MigrateAsync();
        await ExecuteAsync("DROP TABLE IF EXISTS trace, effects; " + CheckStatements.CreateTraces);
        await ExecuteAsync("TRUNCATE events, aggregate_heads");
        var client = new AppendClient(1, _log, _memory, new Random(1));
        for (int i = 0; i < 40; i++)
        {
            await client.AppendOneAsync(i % 2 == 0 ? EventTypes.Rare : EventTypes.Common);
        }

        await ExecuteAsync("INSERT INTO trace (projection, event_id, aggregate_id, version, position, worker_id, generation_id) SELECT 'traced', event_id, aggregate_id, aggregate_version, global_position, gen_random_uuid(), 1 FROM events ORDER BY global_position");
        await ExecuteAsync($"INSERT INTO effects (projection, event_id, aggregate_id, version, position, key) SELECT 'done', event_id, aggregate_id, aggregate_version, global_position, event_id FROM events WHERE event_type = '{EventTypes.Rare}' ORDER BY global_position");
    }

    [TearDown]
    public async Task CloseLog() => await _log.DisposeAsync();

    [Test]
    public async Task Check_NothingWrong_FindsNothing()
    {
        await Checker().WaitForAllAsync(TimeSpan.Zero);

        Assert.That(await Checker().CheckAsync(_memory), Is.EqualTo(new[] { new Finding("log", 40, 0, 0, 0, 0), new Finding("traced", 40, 0, 0, 0, 0), new Finding("done", 20, 0, 0, 0, 0) }));
    }

    [TestCase("DELETE FROM trace WHERE id = 7", "lost")]
    [TestCase("INSERT INTO trace (projection, event_id, aggregate_id, version, position, worker_id, generation_id) SELECT projection, event_id, aggregate_id, version, position, worker_id, 2 FROM trace WHERE id = 7", "twice")]
    [TestCase("UPDATE trace SET event_id = gen_random_uuid() WHERE id = 7", "lost phantom")]
    [TestCase("UPDATE trace SET version = version + 1000 WHERE id = 40", "phantom")]
    [TestCase("UPDATE trace t SET event_id = o.event_id, version = o.version, position = o.position FROM trace o WHERE t.aggregate_id = o.aggregate_id AND (t.version, o.version) IN ((1, 2), (2, 1))", "order")]
    public async Task Check_FaultInTheTrace_IsFound(string fault, string expected)
    {
        await ExecuteAsync(fault);

        Finding found = (await Checker().CheckAsync(_memory))[1];

        Assert.That(Names(found), Does.Contain(expected));
        Assert.That(Names((await Checker().CheckAsync(_memory))[0]), Is.Empty, "the log is right");
    }

    [TestCase("DELETE FROM effects WHERE id = 7", "lost")]
    [TestCase("INSERT INTO effects (projection, event_id, aggregate_id, version, position, key) SELECT projection, event_id, aggregate_id, version, position, gen_random_uuid() FROM effects WHERE id = 7", "twice")]
    [TestCase("UPDATE effects SET key = (SELECT key FROM effects WHERE id = 8) WHERE id = 7", "twice")]
    [TestCase("INSERT INTO effects (projection, event_id, aggregate_id, version, position, key) SELECT projection, event_id, aggregate_id, version, position, key FROM effects WHERE id = 7", "")]
    public async Task Check_FaultInTheEffects_IsFound(string fault, string expected)
    {
        await ExecuteAsync(fault);

        Finding found = (await Checker().CheckAsync(_memory))[2];

        Assert.That(Names(found), Is.EqualTo(expected));
        Assert.That(found.Repeated, Is.EqualTo(fault.StartsWith("INSERT", StringComparison.Ordinal) ? 1 : 0));
    }

    [TestCase("DELETE FROM events WHERE aggregate_version = 2", "lost")]
    [TestCase("UPDATE events SET event_id = gen_random_uuid() WHERE aggregate_version = 2", "lost phantom")]
    [TestCase("UPDATE events SET aggregate_version = aggregate_version + 1000 WHERE aggregate_version = 1", "order")]
    public async Task Check_FaultInTheLog_IsFound(string fault, string expected)
    {
        await ExecuteAsync(fault);

        Assert.That(Names((await Checker().CheckAsync(_memory))[0]), Is.EqualTo(expected));
    }

    [Test]
    public async Task Check_EventThatWasRefused_IsAPhantom()
    {
        Guid id = _memory.Events.First().Id;
        var other = new AppendMemory();
        other.Add(_memory.Events.Where(e => e.Id != id), AppendOutcome.Acknowledged);
        other.Add(_memory.Events.Where(e => e.Id == id), AppendOutcome.Refused);

        IReadOnlyList<Finding> findings = await Checker().CheckAsync(other);

        Assert.That(findings.Select(Names), Is.EqualTo(new[] { "phantom", "phantom", "phantom" }));
    }

    [Test]
    public async Task WaitForAll_SomethingMissing_SaysWhat()
    {
        await ExecuteAsync("DELETE FROM trace WHERE id = 7");

        Assert.That(async () => await Checker().WaitForAllAsync(TimeSpan.Zero), Throws.TypeOf<TimeoutException>().With.Message.Contains("1 of 40 events are still missing in 'traced'"));
    }

    private TraceChecker Checker() => new(DataSource, [Traced, Effects]);

    private static string Names(Finding finding) => string.Join(' ', new[] { (finding.Lost, "lost"), (finding.Twice, "twice"), (finding.Phantom, "phantom"), (finding.OutOfOrder, "order") }
        .Where(pair => pair.Item1 > 0).Select(pair => pair.Item2));
}
