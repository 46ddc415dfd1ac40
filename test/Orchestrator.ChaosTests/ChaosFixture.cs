using Npgsql;
using Orchestrator.ChaosTests.Appending;
using Orchestrator.ChaosTests.Checking;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.ChaosTests;

/// <summary>
/// A database of its own, appenders and worker processes for one test. The end is the same for all: the appenders stop, everything catches up, and the checker finds nothing lost, nothing twice,
/// order kept. A failing test leaves what its workers said.
/// </summary>
[Category("PostgreSQL")]
public abstract class ChaosFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly List<WorkerProcess> _workers = [];
    private CancellationTokenSource _stopAppending = new();
    private AppendMemory _memory = new();
    private LogAccess? _log;
    private ApplicationUser? _workersUser;
    private Task? _appending;

    protected PostgreSqlServer Server { get; private set; } = null!;

    protected string ConnectionString { get; private set; } = null!;

    protected NpgsqlDataSource DataSource => Log.DataSource;

    private protected LogAccess Log => _log!;

    private protected TraceChecker Checker { get; private set; } = null!;

    [SetUp]
    public async Task CreateDatabase()
    {
        _workers.Clear();
        _appending = null;
        _stopAppending = new CancellationTokenSource();
        Server = await GetServerAsync();
        ConnectionString = await Server.CreateDatabaseAsync("chaos");
        _memory = new AppendMemory();
        _log = new LogAccess(ConnectionString);
        await _log.MigrateAsync();
        _workersUser = await ApplicationUser.CreateAsync(DataSource, ConnectionString);
        await using NpgsqlCommand create = DataSource.CreateCommand(CheckStatements.CreateTraces);
        await create.ExecuteNonQueryAsync();
        Checker = new TraceChecker(DataSource, [new TracedProjection(QueuedTrace.Name), new TracedProjection(BatchedTrace.Name)]);
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await _stopAppending.CancelAsync();
        if (_appending is not null)
        {
            await _appending;
        }

        _workers.ForEach(worker => worker.Dispose());
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            await TestContext.Out.WriteLineAsync(string.Join(Environment.NewLine, _workers.SelectMany(worker => worker.Output)));
        }

        if (_log is not null)
        {
            await (_workersUser?.DropAsync() ?? Task.CompletedTask);
            _workersUser = null;
            await _log.DisposeAsync();
            await Server.DropDatabaseAsync(ConnectionString);
        }

        _stopAppending.Dispose();
    }

    protected virtual Task<PostgreSqlServer> GetServerAsync() => SharedPostgreSql.GetAsync();

    /// <summary>Starts clients that append until the end.</summary>
    protected void StartAppending(int clients) =>
        _appending = new Appenders([Log], _memory, clients, longestPause: TimeSpan.FromMilliseconds(8), seed: 1).RunAsync(_stopAppending.Token);

    /// <summary>Starts a worker and waits until it works.</summary>
    private protected async Task<WorkerProcess> StartWorkerAsync(params string[] settings)
    {
        WorkerProcess worker = Launch(settings);
        await worker.WaitForOutputAsync("Assigned partition", Patience);
        return worker;
    }

    /// <summary>Starts a worker with settings of its own, and does not wait for it.</summary>
    private protected WorkerProcess Launch(params string[] settings)
    {
        var worker = WorkerProcess.Start(_workersUser?.ConnectionString ?? ConnectionString, settings);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Waits until a generation of so many workers is active.</summary>
    protected async Task WaitForWorkersAsync(int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await Checker.CountActivePartitionsAsync() != count)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"No generation of {count} workers became active in {Patience}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Lets the world turn until a number of events more have been applied, so that every fault strikes in the middle of work.</summary>
    protected async Task WaitForProgressAsync(int events)
    {
        long wanted = await Checker.CountTraceAsync() + events;
        using var deadline = new CancellationTokenSource(Patience);
        while (await Checker.CountTraceAsync() < wanted)
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"No {events} events more were applied in {Patience}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Ends the appending, waits until all is applied, and checks.</summary>
    protected async Task FinishAsync()
    {
        await _stopAppending.CancelAsync();
        await _appending!;
        await Checker.WaitForAllAsync(Patience);
        var verdict = Verdict.Of(await Checker.CheckAsync(_memory));
        await TestContext.Out.WriteLineAsync(verdict.ToString());
        Assert.That(verdict.IsClean, Is.True, verdict.ToString());
        Assert.That(verdict.Events, Is.GreaterThan(0));
    }
}
