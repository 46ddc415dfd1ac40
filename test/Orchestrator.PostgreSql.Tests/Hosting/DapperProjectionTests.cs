using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Projections that write by Dapper, in a whole host.</summary>
internal sealed class DapperProjectionTests : ProjectionHostFixture
{
    protected override string CreateTables =>
        """
        CREATE TABLE totals (account_id text PRIMARY KEY, events bigint NOT NULL);
        CREATE TABLE lines (written bigint GENERATED ALWAYS AS IDENTITY, account_id text NOT NULL, version bigint NOT NULL, events_before bigint NOT NULL);
        """;

    [Test]
    public async Task Run_HandlersReadAndWriteByDapperAndFail_EachEventCountsOnceAndInOrderWithWhatIsEnqueued()
    {
        var faults = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using IHost host = CreateHost(new HostLog(), rs => rs.AddProjection<Totals>("totals"), services => services.AddSingleton(faults));
        await AppendAsync(host, "Account", aggregates: 10, eventsEach: 20);

        await host.RunProjectionsToEndAsync();

        Assert.That(await ReadAsync<long>("SELECT count(*) FROM totals WHERE events = 20"), Is.EqualTo(10));
        Assert.That(await ReadAsync<long>("SELECT count(*) FROM lines WHERE events_before = version - 1"), Is.EqualTo(200), "what is read lies between what was enqueued before and behind");
        Assert.That(faults, Has.Count.EqualTo(10), "else nothing was taken back");
    }

    private sealed class Totals(ConcurrentDictionary<string, bool> faults) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO totals VALUES ($1, 0) ON CONFLICT DO NOTHING", e.AggregateId);
            DbConnection connection = await context.GetConnectionAsync(cancellationToken);
            long before = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT events FROM totals WHERE account_id = @AggregateId", e, context.Transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE totals SET events = @events WHERE account_id = @AggregateId", new { e.AggregateId, events = before + 1 }, context.Transaction, cancellationToken: cancellationToken));
            context.Enqueue("INSERT INTO lines (account_id, version, events_before) VALUES ($1, $2, $3)", e.AggregateId, e.AggregateVersion, before);
            if (e.AggregateVersion == 7 && faults.TryAdd(e.AggregateId, true))
            {
                throw new FormatException("Failed on purpose.");
            }
        }
    }
}
