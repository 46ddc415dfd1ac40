using Npgsql;
using Orchestrator.Hosting.Doctor;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>
/// What happens to positions that do not come from an ordinary insert. The database refuses what it can; the rest needs the rights of the table's owner
/// (see <see cref="AppendOnlyRoleTests"/>), and these tests say what the owner must not do, and why.
/// </summary>
public sealed class HandMadePositionTests : EventLogFixture
{
    private const string Columns = "aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload";
    private const string Values = "'Thing', gen_random_uuid()::text, 1, gen_random_uuid(), 'Made', ''";

    private NpgsqlConnection _owner = null!;
    private NpgsqlConnection _fast = null!;

    [SetUp]
    public async Task OpenWriters()
    {
        _owner = await OpenAsync();
        _fast = await OpenAsync();
    }

    [TestCase("INSERT INTO events (global_position, " + Columns + ") VALUES (7, " + Values + ")")]
    [TestCase("UPDATE events SET global_position = 7")]
    public async Task Write_PositionByHand_TheDatabaseRefuses(string statement)
    {
        await InsertAsync(_fast);

        await Assert.ThatAsync(() => ExecuteAsync(_owner, statement), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("428C9"));
    }

    [Test]
    public async Task Insert_OverridingWithAPositionThatIsPassed_IsNeverRead()
    {
        long first = await InsertAsync(_fast);
        await using (NpgsqlTransaction gap = await _fast.BeginTransactionAsync())
        {
            await InsertAsync(_fast);
            await gap.RollbackAsync();
        }

        long last = await InsertAsync(_fast);
        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { first, last }));

        await ExecuteAsync(_owner, $"INSERT INTO events (global_position, {Columns}) OVERRIDING SYSTEM VALUE VALUES ({first + 1}, {Values})");

        Assert.That(await PositionsAsync(last), Is.Empty, "the position is behind the checkpoint: the event is lost to projections");
    }

    [Test]
    public async Task Copy_WithPositions_TakesThemAsTheyAre()
    {
        await InsertAsync(_fast);
        await PositionsAsync();

        await CopyAsync(_owner, 5);

        Assert.That(await PositionsAsync(1), Is.Empty, "ahead of the sequence: not read before the sequence gets there");
        for (int position = 2; position <= 4; position++)
        {
            Assert.That(await InsertAsync(_fast), Is.EqualTo(position));
        }

        Assert.That(await PositionsAsync(1), Is.EqualTo(new[] { 2, 3, 4, 5 }), "the run without a gap takes it along");
        await Assert.ThatAsync(() => InsertAsync(_fast), Throws.TypeOf<PostgresException>().With.Property("ConstraintName").EqualTo("events_pkey"), "the append that draws the taken position fails; none is lost");
        Assert.That(await PositionsAsync(5), Is.Empty);
        long next = await InsertAsync(_fast);
        Assert.That(await PositionsAsync(5), Is.EqualTo(new[] { next }));
    }

    [Test]
    public async Task Insert_OverridingWithAPositionDrawnEarlier_IsNeverRead()
    {
        long drawn = await ScalarAsync<long>(_owner, "SELECT nextval('events_global_position_seq')");
        long last = await InsertAsync(_fast);
        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { last }), "nothing says that the position before it can still appear");

        await ExecuteAsync(_owner, $"INSERT INTO events (global_position, {Columns}) OVERRIDING SYSTEM VALUE VALUES ({drawn}, {Values})");

        Assert.That(await PositionsAsync(last), Is.Empty, "lost to projections");
    }

    [Test]
    public async Task Update_PositionToDefault_ComesASecondTimeAndOutOfOrder()
    {
        await InsertAsync(_fast, "a", version: 1);
        await InsertAsync(_fast, "a", version: 2);
        Assert.That(await PositionsAsync(), Is.EqualTo(new[] { 1, 2 }));

        await using NpgsqlTransaction open = await _owner.BeginTransactionAsync();
        await ExecuteAsync(_owner, "UPDATE events SET global_position = DEFAULT WHERE aggregate_version = 1");
        Assert.That(await HoldersAsync(), Is.Empty, "an update is not announced");
        await open.CommitAsync();

        Assert.That((await ReadAsync(2)).Events.Select(e => (e.GlobalPosition, e.AggregateVersion)), Is.EqualTo(new[] { (3L, 1L) }), "version 1 again, behind version 2");
    }

    [Test]
    public async Task Update_PositionToDefaultWhileOthersAppend_IsPassed()
    {
        long moved = await InsertAsync(_fast);
        Horizon before = await Log.Horizon.ReadAsync(CancellationToken.None);
        Assert.That(before.Position, Is.EqualTo(moved));

        await using NpgsqlTransaction open = await _owner.BeginTransactionAsync();
        await ExecuteAsync(_owner, "UPDATE events SET global_position = DEFAULT");
        long last = await InsertAsync(_fast);
        Assert.That((await Log.Horizon.ReadAsync(CancellationToken.None)).Position, Is.EqualTo(last), "the horizon does not wait for the position that the update drew");
        await open.CommitAsync();

        Assert.That(await PositionsAsync(last), Is.Empty, "it became visible behind the readers");
    }

    private async Task<IReadOnlyList<HorizonHolder>> HoldersAsync() => await Log.Horizon.ReadHoldersAsync(CancellationToken.None);

    private static async Task CopyAsync(NpgsqlConnection connection, long position)
    {
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync($"COPY events (global_position, {Columns}) FROM STDIN (FORMAT binary)");
        await copy.StartRowAsync();
        await copy.WriteAsync(position);
        await copy.WriteAsync("Thing");
        await copy.WriteAsync("copied");
        await copy.WriteAsync(1L);
        await copy.WriteAsync(Guid.NewGuid());
        await copy.WriteAsync("Copied");
        await copy.WriteAsync(Array.Empty<byte>());
        await copy.CompleteAsync();
    }
}
