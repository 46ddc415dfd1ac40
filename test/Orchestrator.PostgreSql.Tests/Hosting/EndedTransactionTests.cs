using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Handlers that end the batch's transaction themselves, at the fourth of ten events: what the log says, what is in the read model, and what follows when the handler is mended.</summary>
internal sealed class EndedTransactionTests : ProjectionHostFixture
{
    protected override string CreateTables => "CREATE TABLE seen (aggregate_type text NOT NULL, version bigint NOT NULL)";

    [TestCase("commit")]
    [TestCase("commit by SQL and begin")]
    [TestCase("commit and fail")]
    public async Task Run_HandlerCommits_StopsAtOnceWithWhatWasCommittedInTheReadModel(string what)
    {
        var log = new HostLog();
        using IHost host = CreateHost(log, what, what);
        await AppendAsync(host, what, aggregates: 1, eventsEach: 10);
        long position = await ReadAsync<long>("SELECT max(global_position) FROM events");

        Assert.That(async () => await host.RunProjectionsToEndAsync(), Throws.InstanceOf<ProjectionStoppedException>());

        (string message, Exception? exception) = log.With(2014).Single();
        Assert.That(message, Does.Contain("Projection seen ").And.Contains($"from position {position - 9} to {position}"));
        Assert.That(exception!.Message, Does.StartWith("Projection 'seen' has committed").And.Contains("take back by hand").And.Contains("savepoint"));
        Assert.That(log.With(2003), Is.Empty, "nothing is tried again: that would write again what is there already");
        Assert.That(await SeenAsync(what), Is.EqualTo("1 2 3 4"));
        Assert.That(await PositionAsync(), Is.LessThan(position - 9), "the checkpoint has not moved");

        await MendAndRunAsync(what);
        Assert.That(await SeenAsync(what), Is.EqualTo("1 1 2 2 3 3 4 4 5 6 7 8 9 10"), "what the message warns of; nothing is lost");
    }

    [TestCase("roll back", "has rolled back the batch's transaction itself")]
    [TestCase("dispose the transaction", "has rolled back the batch's transaction itself")]
    [TestCase("roll back by SQL and begin", "has rolled back the batch's transaction itself")]
    [TestCase("close the connection", "has closed the batch's connection")]
    [TestCase("dispose the connection", "has closed the batch's connection")]
    public async Task Run_HandlerRollsBack_StopsThereAndEachEventCountsOnce(string what, string message)
    {
        var log = new HostLog();
        using IHost host = CreateHost(log, what, what);
        await AppendAsync(host, what, aggregates: 1, eventsEach: 10);

        Assert.That(async () => await host.RunProjectionsToEndAsync(), Throws.InstanceOf<ProjectionStoppedException>());

        (string stopped, Exception? exception) = log.With(2004).Single();
        Assert.That(stopped, Does.Contain("Projection seen ").And.Contains($"version 4 of {what}"));
        Assert.That(exception!.Message, Does.StartWith("Projection 'seen' " + message).And.Contains("nothing that its handlers wrote until then is in the read model").And.Contains("savepoint"));
        Assert.That(await SeenAsync(what), Is.EqualTo("1 2 3"));

        await MendAndRunAsync(what);
        Assert.That(await SeenAsync(what), Is.EqualTo("1 2 3 4 5 6 7 8 9 10"));
    }

    private IHost CreateHost(HostLog log, string aggregateType, string what) => CreateHost(
        log, rs => rs.AddProjection<Seen>("seen", p => p.AggregateTypes.Add(aggregateType)), services => services.AddSingleton(new Misdeed(what)));

    private async Task MendAndRunAsync(string aggregateType)
    {
        using IHost mended = CreateHost(new HostLog(), aggregateType, "nothing");
        await mended.RunProjectionsToEndAsync();
    }

    private Task<string> SeenAsync(string aggregateType) => ReadAsync<string>($"SELECT string_agg(version::text, ' ' ORDER BY version) FROM seen WHERE aggregate_type = '{aggregateType}'");

    private Task<long> PositionAsync() => ReadAsync<long>($"SELECT min(position) FROM projection_checkpoints WHERE replica_set = '{ReplicaSet}'");

    private sealed record Misdeed(string What);

    private sealed class Seen(Misdeed misdeed) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            DbConnection connection = await context.GetConnectionAsync(cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO seen VALUES ('{e.AggregateType}', {e.AggregateVersion})", cancellationToken);
            if (e.AggregateVersion == 4)
            {
                await DoAsync(connection, context.Transaction, cancellationToken);
            }
        }

        private async Task DoAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
        {
            switch (misdeed.What)
            {
                case "commit":
                    await transaction.CommitAsync(cancellationToken);
                    break;
                case "commit by SQL and begin":
                    await ExecuteAsync(connection, "COMMIT; BEGIN", cancellationToken);
                    break;
                case "commit and fail":
                    await transaction.CommitAsync(cancellationToken);
                    throw new FormatException("Failed on purpose.");
                case "roll back":
                    await transaction.RollbackAsync(cancellationToken);
                    break;
                case "roll back by SQL and begin":
                    await ExecuteAsync(connection, "ROLLBACK; BEGIN", cancellationToken);
                    break;
                case "dispose the transaction":
                    await transaction.DisposeAsync();
                    break;
                case "close the connection":
                    await connection.CloseAsync();
                    break;
                case "dispose the connection":
                    await connection.DisposeAsync();
                    break;
            }
        }

        private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
        {
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
