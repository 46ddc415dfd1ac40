using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Projections that write a batch by one statement, in a whole host: rows copied, and rows made of arrays.</summary>
internal sealed class BulkProjectionTests : ProjectionHostFixture
{
    protected override string CreateTables =>
        """
        CREATE TABLE copied (written bigint GENERATED ALWAYS AS IDENTITY, account_id text NOT NULL, version bigint NOT NULL, created_at timestamptz NOT NULL);
        CREATE TABLE counted (account_id text PRIMARY KEY, events bigint NOT NULL, last_version bigint NOT NULL);
        """;

    [Test]
    public async Task Run_RowsAreCopiedAndBatchesFail_EachEventIsThereOnceAndInOrder()
    {
        var faults = new Faults();
        using IHost host = CreateHost(new HostLog(), rs => rs.AddProjection<Copied>("copied", p => p.AggregateTypes.Add("Copied")), services => services.AddSingleton(faults));
        await AppendAsync(host, "Copied", aggregates: 10, eventsEach: 20);

        await host.RunProjectionsToEndAsync();

        Assert.That(
            await ReadAsync<long>("SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY account_id ORDER BY written) AS wanted FROM copied) c WHERE version = wanted"),
            Is.EqualTo(200));
        Assert.That(faults.Left, Is.Zero, "else nothing was taken back");
    }

    [Test]
    public async Task Run_RowsAreMadeOfArraysAndBatchesFail_EachEventCountsOnce()
    {
        var faults = new Faults();
        using IHost host = CreateHost(new HostLog(), rs => rs.AddProjection<Counted>("counted", p => p.AggregateTypes.Add("Counted")), services => services.AddSingleton(faults));
        await AppendAsync(host, "Counted", aggregates: 10, eventsEach: 20);

        await host.RunProjectionsToEndAsync();

        Assert.That(await ReadAsync<long>("SELECT count(*) FROM counted WHERE events = 20 AND last_version = 20"), Is.EqualTo(10));
        Assert.That(faults.Left, Is.Zero, "else nothing was taken back");
    }

    private sealed class Copied(Faults faults) : IBatchProjection
    {
        public async ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
        {
            var connection = (NpgsqlConnection)await context.GetConnectionAsync(cancellationToken);
            await using (NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync("COPY copied (account_id, version, created_at) FROM STDIN (FORMAT BINARY)", cancellationToken))
            {
                foreach (PersistedEvent e in events)
                {
                    await copy.StartRowAsync(cancellationToken);
                    await copy.WriteAsync(e.AggregateId, NpgsqlDbType.Text, cancellationToken);
                    await copy.WriteAsync(e.AggregateVersion, NpgsqlDbType.Bigint, cancellationToken);
                    await copy.WriteAsync(e.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                }

                await copy.CompleteAsync(cancellationToken);
            }

            faults.Throw();
        }
    }

    private sealed class Counted(Faults faults) : IBatchProjection
    {
        public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
        {
            // One row a key and statement: ON CONFLICT cannot change a row twice. In the order of the keys, so that two lanes that share rows never wait for each other in a circle.
            context.Enqueue(
                """
                INSERT INTO counted
                SELECT account_id, count(*), max(version) FROM unnest($1::text[], $2::bigint[]) AS e (account_id, version) GROUP BY account_id ORDER BY account_id
                ON CONFLICT (account_id) DO UPDATE SET events = counted.events + EXCLUDED.events, last_version = EXCLUDED.last_version
                """,
                events.Select(e => e.AggregateId).ToArray(),
                events.Select(e => e.AggregateVersion).ToArray());
            faults.Throw();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Fails behind the first batches.</summary>
    private sealed class Faults
    {
        private int _left = 2;

        public int Left => Math.Max(0, _left);

        public void Throw()
        {
            if (Interlocked.Decrement(ref _left) >= 0)
            {
                throw new FormatException("Failed on purpose.");
            }
        }
    }
}
