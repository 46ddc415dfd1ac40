using Npgsql;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>A log that steps back is noticed, and not read on.</summary>
public sealed class RewoundLogTests : EventLogFixture
{
    private NpgsqlConnection _writer = null!;

    [SetUp]
    public async Task AppendSome()
    {
        _writer = await OpenAsync();
        await InsertManyAsync(_writer, 10);
    }

    [Test]
    public async Task ReadAsync_SequenceSetBackWhileRunning_ThrowsForGood()
    {
        await ReadAsync();
        await ExecuteAsync(_writer, "SELECT setval('events_global_position_seq', 5)");

        await Assert.ThatAsync(async () => await ReadAsync(10), Throws.TypeOf<EventLogRewoundException>().With.Message.Contains("from 10 to 5"));

        await ExecuteAsync(_writer, "SELECT setval('events_global_position_seq', 20)");
        await Assert.ThatAsync(async () => await ReadAsync(10), Throws.TypeOf<EventLogRewoundException>(), "what this process has read before may be wrong now");
    }

    [Test]
    public async Task ReadAsync_CheckpointBeyondTheLog_Throws()
    {
        await CheckpointAsync(11);

        await Assert.ThatAsync(async () => await ReadAsync(), Throws.TypeOf<EventLogRewoundException>().With.Message.Contains("position 11"));
    }

    [Test]
    public async Task WaitAsync_LogRestoredToAnEarlierStateUnderALostSession_WaitsAtItsEnd()
    {
        await ReadAsync();
        await ExecuteAsync(_writer, "DELETE FROM events WHERE global_position > 5; SELECT setval('events_global_position_seq', 5)");
        await EndHorizonSessionAsync();
        await Assert.ThatAsync(async () => await ReadAsync(5), Throws.InstanceOf<NpgsqlException>());
        await ReadAsync(5);

        Task wait = Log.WaitAsync(5, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.That(wait.IsCompleted, Is.False, "the event at position 10, which this process has seen, is none any more");
        await InsertAsync(_writer, "next");
        await ReadAsync(5);
        await wait.WaitAsync(Deadline);
    }

    [Test]
    public async Task ReadAsync_CheckpointAtARolledBackEnd_Reads()
    {
        await CheckpointAsync(10);
        await ExecuteAsync(_writer, "DELETE FROM events WHERE global_position > 5");

        EventPage page = await ReadAsync();

        Assert.That(page.To, Is.EqualTo(5), "the sequence counts, not the greatest event");
    }

    [Test]
    public async Task ReadAsync_SessionLost_StartsAgainFromTheCheckpoints()
    {
        await CheckpointAsync(4);
        await ReadAsync();
        Assert.That(Log.Horizon.Latest!.Position, Is.EqualTo(10));
        NpgsqlConnection open = await OpenAsync();
        await using NpgsqlTransaction transaction = await open.BeginTransactionAsync();
        await InsertAsync(open, "open");
        await InsertAsync(_writer, "behind");
        await ExecuteAsync(_writer, "DELETE FROM events WHERE global_position = 7");
        await EndHorizonSessionAsync();

        await Assert.ThatAsync(async () => await ReadAsync(10), Throws.InstanceOf<NpgsqlException>());
        await ReadAsync();

        Assert.That(Log.Horizon.Latest!.Position, Is.EqualTo(6), "from the checkpoint to the first gap; 10 was the lost session's knowledge");
    }

    private Task EndHorizonSessionAsync() => ExecuteAsync(
        _writer,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orchestrator horizon' AND query LIKE '%" + Sql.Resolve("events") + "%'");

    private Task CheckpointAsync(long position) => ExecuteAsync(
        _writer,
        $"INSERT INTO projection_checkpoints (replica_set, projection_name, slot_from, slot_to, position, generation_id) VALUES ('main', 'p', 0, 32768, {position}, 1)");
}
