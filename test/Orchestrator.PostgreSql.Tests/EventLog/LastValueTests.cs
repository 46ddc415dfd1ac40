using Npgsql;
using Orchestrator.PostgreSql.EventLog;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>What the last position drawn is, while positions are being drawn, and before the first.</summary>
public sealed class LastValueTests : EventLogFixture
{
    private const string Statement = "horizon_last_value";

    private NpgsqlConnection _reader = null!;

    [SetUp]
    public async Task OpenSession() => _reader = await OpenAsync();

    // Read as a table, the sequence is 32 too high for a moment at every 32nd draw, which some hundred of these readings would meet; none of them, now and then, while both sessions share a core: so there are rounds.
    [Test]
    public async Task LastValue_WhilePositionsAreDrawn_NeverFalls()
    {
        const int rounds = 5;
        const int draws = 1_000_000;
        Assert.That(HorizonSession.ObservationInOrder, Does.Contain(Statement));
        await ExecuteAsync(
            _reader,
            $"""
             CREATE FUNCTION pg_temp.falls_until(last bigint) RETURNS bigint LANGUAGE plpgsql AS $$
             DECLARE
               before bigint := 0;
               now_at bigint;
               falls bigint := 0;
             BEGIN
               WHILE before < last LOOP
                 now_at := ({Sql[Statement]});
                 falls := falls + (now_at < before)::int;
                 before := now_at;
               END LOOP;
               RETURN falls;
             END $$
             """);
        for (int round = 1; round <= rounds; round++)
        {
            NpgsqlConnection writer = await OpenAsync();
            Task<long> falls = ScalarAsync<long>(_reader, $"SELECT pg_temp.falls_until({round * draws})");
            await ExecuteAsync(writer, $"SELECT count(nextval('events_global_position_seq')) FROM generate_series(1, {draws})");

            Assert.That(await falls, Is.Zero);
        }
    }

    [Test]
    public async Task LastValue_BeforeTheFirstDraw_IsThePositionInFrontOfIt()
    {
        Assert.That(await ScalarAsync<long>(_reader, Sql[Statement]), Is.Zero);

        await ExecuteAsync(_reader, "ALTER SEQUENCE events_global_position_seq RESTART WITH 101");
        Assert.That(await ScalarAsync<long>(_reader, Sql[Statement]), Is.EqualTo(100));

        await ExecuteAsync(_reader, "SELECT nextval('events_global_position_seq')");
        Assert.That(await ScalarAsync<long>(_reader, Sql[Statement]), Is.EqualTo(101));
    }
}
