using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.ReplicaSets;
using Orchestrator.PostgreSql.Tests.Hosting;
using Orchestrator.Projections;

namespace Orchestrator.PostgreSql.Tests.EntityFramework;

/// <summary>Projections that write by Entity Framework Core, in whole hosts.</summary>
internal sealed class EntityFrameworkProjectionTests : ProjectionHostFixture
{
    protected override string CreateTables => "CREATE TABLE read_model (key text PRIMARY KEY, value bigint NOT NULL CHECK (value < 100))";

    // Each aggregate's count is read and written back: an attempt that is repeated without having been taken back counts twice.
    [Test]
    public async Task Run_TwoHostsAndHandlersThatFailBehindSaving_EachEventCountsOnce([Values] bool pooled)
    {
        string type = pooled ? "Pooled" : "Scoped";
        var faults = new Faults();
        using IHost first = CreateHost(type, pooled, faults);
        using IHost second = CreateHost(type, pooled, faults);
        await AppendAsync(first, type, aggregates: 20, eventsEach: 30);

        await Task.WhenAll(first.RunProjectionsToEndAsync(), second.RunProjectionsToEndAsync());

        Assert.That(await ReadAsync<long>($"SELECT count(*) FROM read_model WHERE key LIKE '{type}-%' AND value = 30"), Is.EqualTo(20));
        Assert.That(faults.Count, Is.EqualTo(20), "else nothing was taken back");
    }

    [Test]
    public async Task Run_AnEventCannotBeSaved_StopsThereWithTheServersReason()
    {
        var log = new HostLog();
        using IHost host = CreateHost(log, rs => rs.AddProjection<Counts>("counts", p => p.AggregateTypes.Add("Limited")), services => AddServices(services, pooled: false, new Faults()));
        await AppendAsync(host, "Limited", aggregates: 1, eventsEach: 105);

        Assert.That(async () => await host.RunProjectionsToEndAsync(), Throws.InstanceOf<ProjectionStoppedException>());

        Assert.That(await ReadAsync<long>("SELECT value FROM read_model WHERE key = 'Limited-1'"), Is.EqualTo(99), "what stands in front of it got through");
        (string message, Exception? exception) = log.With(2004).Single();
        Assert.That(message, Does.Contain("version 100 of Limited 'Limited-1'"));
        Assert.That(exception, Is.InstanceOf<DbUpdateException>().With.InnerException.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.CheckViolation));
    }

    private IHost CreateHost(string type, bool pooled, Faults faults) =>
        CreateHost(new HostLog(), rs => rs.AddProjection<Counts>("counts-" + type, p => p.AggregateTypes.Add(type)), services => AddServices(services, pooled, faults));

    private void AddServices(IServiceCollection services, bool pooled, Faults faults)
    {
        services.AddSingleton(faults);
        _ = pooled ? services.AddDbContextPool<ReadModelContext>(o => o.UseNpgsql(ConnectionString)) : services.AddDbContext<ReadModelContext>(o => o.UseNpgsql(ConnectionString));
    }

    private sealed class Counts(ReadModelContext db, Faults faults) : IProjection
    {
        public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            await context.UseDbContextAsync(db, cancellationToken);
            ReadModelRow row = await db.Rows.FindAsync([e.AggregateId], cancellationToken) ?? db.Rows.Add(new ReadModelRow { Key = e.AggregateId }).Entity;
            row.Value++;
            await db.SaveChangesAsync(cancellationToken);
            faults.ThrowOnceBehind(e);
        }
    }

    /// <summary>Fails once for the seventh event of each aggregate.</summary>
    private sealed class Faults
    {
        private readonly ConcurrentDictionary<string, bool> _failed = new(StringComparer.Ordinal);

        public int Count => _failed.Count;

        public void ThrowOnceBehind(PersistedEvent e)
        {
            if (e.AggregateVersion == 7 && _failed.TryAdd(e.AggregateId, true))
            {
                throw new FormatException("Failed on purpose.");
            }
        }
    }
}
