using Npgsql;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Tests.EventLog;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>What the simulation takes for granted of positions, locks and visibility is what PostgreSQL does: random appends and looks, on both.</summary>
public sealed class SimulatedLogAgreementTests : EventLogFixture
{
    [Test]
    public async Task RandomAppends_SeenInBothLogs_LookTheSame()
    {
        NpgsqlConnection[] writers = [await OpenAsync(), await OpenAsync(), await OpenAsync(), await OpenAsync()];
        NpgsqlConnection reader = await OpenAsync();
        var pages = new EventPageReader(Connections, Sql);
        await using HorizonSession session = await HorizonSession.OpenAsync(new HorizonSource(Connections, Sql, new LogHistory()), 0, CancellationToken.None);
        foreach (int seed in RandomSequences.Seeds(200))
        {
            var pair = new LogPair(writers, session, pages, await ScalarAsync<long>(reader, Sql["horizon_last_value"]), seed);
            for (int step = 0; step < 30; step++)
            {
                await pair.StepAsync();
            }

            await pair.EndAsync();
        }
    }
}
