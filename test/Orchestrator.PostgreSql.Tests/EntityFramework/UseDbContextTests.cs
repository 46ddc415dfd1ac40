using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Tests.Membership;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.EntityFramework;

/// <summary>A DbContext on a batch's transaction: what it saves, what it gets back, and which one is refused.</summary>
[TestFixture]
internal sealed class UseDbContextTests : CoordinationFixture
{
    private const string Insert = "INSERT INTO read_model (key, value) VALUES ($1, $2)";

    private TestWorker _worker = null!;
    private long _generation;
    private Checkpoint _row = null!;

    [SetUp]
    public async Task Rescale()
    {
        _worker = await RegisterAsync();
        _generation = await RescaleAsync(_worker);
        _row = (await LoadAsync(_worker, _generation)).Single();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UseDbContextAsync_ChangesAreSaved_TakeEffectWithTheCheckpointOrNotAtAll(bool commits)
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await using (IFencedBatch batch = await BeginAsync(scope))
        {
            await SaveAsync(batch.Context, scope.ServiceProvider.GetRequiredService<ReadModelContext>(), "a");
            Assert.That(await KeysAsync(), Is.Empty, "saving does not commit");
            if (commits)
            {
                await batch.CommitAsync(5);
            }
        }

        Assert.That(await KeysAsync(), Is.EqualTo(commits ? new[] { "a" } : []));
        Assert.That((await LoadAsync(_worker, _generation)).Single().Position, Is.EqualTo(commits ? 5 : 0));
    }

    [Test]
    public async Task UseDbContextAsync_CalledForEveryEvent_StaysAndKeepsTheOrderWithWhatIsEnqueued()
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        ReadModelContext db = scope.ServiceProvider.GetRequiredService<ReadModelContext>();
        await using IFencedBatch batch = await BeginAsync(scope);

        batch.Context.Enqueue(Insert, Key("1-enqueued"), 1L);
        await SaveAsync(batch.Context, db, "2-saved");
        IDbContextTransaction? first = db.Database.CurrentTransaction;
        batch.Context.Enqueue(Insert, Key("3-enqueued"), 1L);
        await SaveAsync(batch.Context, db, "4-saved");

        Assert.That(db.Database.CurrentTransaction, Is.SameAs(first));
        await batch.CommitAsync(5);
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "1-enqueued", "2-saved", "3-enqueued", "4-saved" }));
    }

    [Test]
    public async Task UseDbContextAsync_TwoContexts_AreInOneTransaction()
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(Connect).AddDbContext<OtherContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        OtherContext other = scope.ServiceProvider.GetRequiredService<OtherContext>();
        await using IFencedBatch batch = await BeginAsync(scope);

        await SaveAsync(batch.Context, scope.ServiceProvider.GetRequiredService<ReadModelContext>(), "a");
        await batch.Context.UseDbContextAsync(other);

        Assert.That(await other.Rows.CountAsync(row => row.Key == Key("a")), Is.EqualTo(1), "one sees what the other has saved");
        await SaveAsync(batch.Context, other, "b");
        await batch.CommitAsync(5);
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task UseDbContextAsync_SavingFailsAndTheHandlerGoesOn_KeepsTheRest()
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        ReadModelContext db = scope.ServiceProvider.GetRequiredService<ReadModelContext>();
        await using IFencedBatch batch = await BeginAsync(scope);
        await SaveAsync(batch.Context, db, "a");
        db.ChangeTracker.Clear();

        // Inside a transaction, SaveChanges sets a savepoint and goes back to it.
        Assert.That(async () => await SaveAsync(batch.Context, db, "a"), Throws.InstanceOf<DbUpdateException>());
        db.ChangeTracker.Clear();
        await SaveAsync(batch.Context, db, "b");

        await batch.CommitAsync(5);
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task UseDbContextAsync_PooledContext_GoesBackWithItsOwnConnection([Values] bool commits, [Values] bool byDataSource)
    {
        await using ServiceProvider services = Services(s => s.AddDbContextPool<ReadModelContext>(o => Connect(o, byDataSource), poolSize: 1));
        ReadModelContext used;
        await using (AsyncServiceScope scope = services.CreateAsyncScope())
        {
            used = scope.ServiceProvider.GetRequiredService<ReadModelContext>();
            await used.Rows.CountAsync();
            await using IFencedBatch batch = await BeginAsync(scope);
            await SaveAsync(batch.Context, used, "a");

            // Left open, as by a handler that has a reader in its hands when it fails.
            await used.Database.OpenConnectionAsync();
            if (commits)
            {
                await batch.CommitAsync(5);
            }
        }

        await using AsyncServiceScope next = services.CreateAsyncScope();
        ReadModelContext again = next.ServiceProvider.GetRequiredService<ReadModelContext>();
        Assert.That(again, Is.SameAs(used), "else this test shows nothing");
        Assert.That(again.Database.CurrentTransaction, Is.Null);
        Assert.That(again.Database.GetDbConnection().State, Is.EqualTo(ConnectionState.Closed));
        Assert.That(await again.Rows.CountAsync(row => row.Key == Key("a")), Is.EqualTo(commits ? 1 : 0));
    }

    [Test]
    public async Task UseDbContextAsync_ContextOfAFactoryIsDisposedInTheHandler_SavesAndEndsWell()
    {
        await using ServiceProvider services = Services(s => s.AddDbContextFactory<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await using IFencedBatch batch = await BeginAsync(scope);
        await using (ReadModelContext db = await services.GetRequiredService<IDbContextFactory<ReadModelContext>>().CreateDbContextAsync())
        {
            await SaveAsync(batch.Context, db, "a");
        }

        await batch.CommitAsync(5);
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task UseDbContextAsync_ContextOfTheApplicationsConnection_GoesBackToIt()
    {
        await using NpgsqlConnection given = await Database.Psql.OpenConnectionAsync();
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(o => o.UseNpgsql(given)));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        ReadModelContext db = scope.ServiceProvider.GetRequiredService<ReadModelContext>();

        await using (IFencedBatch batch = await BeginAsync(scope))
        {
            await SaveAsync(batch.Context, db, "a");
        }

        Assert.That(db.Database.GetDbConnection(), Is.SameAs(given));
        Assert.That(await db.Rows.CountAsync(row => row.Key == Key("a")), Is.Zero);
    }

    [Test]
    public async Task UseDbContextAsync_PooledContextThatIsNotTheScopes_IsRefused()
    {
        await using ServiceProvider services = Services(s => s.AddPooledDbContextFactory<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await using IFencedBatch batch = await BeginAsync(scope);
        await using ReadModelContext db = await services.GetRequiredService<IDbContextFactory<ReadModelContext>>().CreateDbContextAsync();

        await AssertRefusedAsync(batch, db, "pool", "AddDbContextFactory");
    }

    [Test]
    public async Task UseDbContextAsync_ContextInATransactionOfItsOwn_IsRefused()
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(Connect));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        ReadModelContext db = scope.ServiceProvider.GetRequiredService<ReadModelContext>();
        await using IFencedBatch batch = await BeginAsync(scope);
        await using IDbContextTransaction own = await db.Database.BeginTransactionAsync();

        await AssertRefusedAsync(batch, db, "transaction of its own", "BeginTransaction");
    }

    [Test]
    public async Task UseDbContextAsync_ContextThatRepeatsByItself_IsRefused()
    {
        await using ServiceProvider services = Services(s => s.AddDbContext<ReadModelContext>(o => o.UseNpgsql(Database.ConnectionString, npgsql => npgsql.EnableRetryOnFailure())));
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await using IFencedBatch batch = await BeginAsync(scope);

        await AssertRefusedAsync(batch, scope.ServiceProvider.GetRequiredService<ReadModelContext>(), "EnableRetryOnFailure", "without a retrying execution strategy");
    }

    private static async Task AssertRefusedAsync(IFencedBatch batch, ReadModelContext db, string cause, string wayOut)
    {
        InvalidOperationException? refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () => await batch.Context.UseDbContextAsync(db));

        Assert.That(refusal!.Message, Does.StartWith("Projection 'totals'").And.Contains(nameof(ReadModelContext)).And.Contains(cause).And.Contains(wayOut));
    }

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private void Connect(DbContextOptionsBuilder options) => Connect(options, byDataSource: false);

    private void Connect(DbContextOptionsBuilder options, bool byDataSource) => _ = byDataSource ? options.UseNpgsql(Database.Psql) : options.UseNpgsql(Database.ConnectionString);

    private async Task<IFencedBatch> BeginAsync(AsyncServiceScope scope) =>
        (await Checkpoints.BeginAsync(FenceOf(_worker), _row, scope.ServiceProvider, CancellationToken.None))!;

    private async Task SaveAsync(ProjectionContext context, KeyValueContext db, string key)
    {
        await context.UseDbContextAsync(db);
        db.Add(new ReadModelRow { Key = Key(key), Value = 1 });
        await db.SaveChangesAsync();
    }

    private string Key(string key) => $"{ReplicaSet}/{key}";

    // The keys of this test's rows, in the order of insertion.
    private Task<string[]> KeysAsync() => Database.ReadAsync<string[]>(
        $"SELECT coalesce(array_agg(substr(key, {ReplicaSet.Length + 2}) ORDER BY id), '{{}}') FROM read_model WHERE starts_with(key, '{ReplicaSet}/')");
}
