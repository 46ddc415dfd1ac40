using Npgsql;
using Orchestrator.ChaosTests.Appending;
using Orchestrator.ChaosTests.Checking;
using Orchestrator.ChaosTests.CommandLine;
using Orchestrator.ChaosTests.Proxy;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Testing;
using Orchestrator.Testing.Shared;

namespace Orchestrator.ChaosTests.World;

/// <summary>All that faults happen to: a server, a database, clients that append, worker processes, and what stands in between.</summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    private const int Guests = 2;
    private const int FirstOccasionalClient = 1_000;

    private static readonly TimeSpan StaleWorkerTimeout = TimeSpan.FromSeconds(3);

    private readonly Stack<IAsyncDisposable> _owned = new();
    private int _occasionalClients = FirstOccasionalClient;

    private ChaosWorld(ChaosSettings settings, PostgreSqlServer server, string connectionString)
    {
        Settings = settings;
        Server = server;
        Log = new LogAccess(connectionString);
        AppendersNetwork = PostgreSqlProxy.Start(connectionString);
        ProxiedLog = new LogAccess(new NpgsqlConnectionStringBuilder(AppendersNetwork.ConnectionString) { Timeout = 5 }.ConnectionString);
    }

    public ChaosSettings Settings { get; }

    public PostgreSqlServer Server { get; }

    /// <summary>The log, straight.</summary>
    public LogAccess Log { get; }

    /// <summary>The log, over a network that faults happen to.</summary>
    public LogAccess ProxiedLog { get; }

    /// <summary>The network between some of the clients that append and the server.</summary>
    public PostgreSqlProxy AppendersNetwork { get; }

    public AppendMemory Memory { get; } = new();

    public Findings Findings { get; } = new();

    public Fleet Fleet { get; private set; } = null!;

    /// <summary>The disk of one table; null where there is none.</summary>
    public SmallDisk? Disk { get; private set; }

    /// <summary>Why this machine cannot cause a fault, by what is missing.</summary>
    public string? WhyNoDisk { get; private set; }

    public string? WhyNoClock { get; private set; }

    public string? WhyNoBouncer { get; private set; }

    /// <summary>For how long a worker may be away before the others replace it.</summary>
    public static TimeSpan Stale => StaleWorkerTimeout;

    /// <summary>What leaves traces.</summary>
    public static IReadOnlyList<TracedProjection> Projections { get; } =
    [
        new(QueuedTrace.Name), new(BatchedTrace.Name), new(FilteredTrace.Name, EventTypes.Rare), new(EffectTrace.Name, EventTypes.Rare, IsEffect: true),
    ];

    /// <summary>Makes the world, with workers that have been started.</summary>
    public static async Task<ChaosWorld> CreateAsync(ChaosSettings settings)
    {
        PostgreSqlServer server = await PostgreSqlServer.StartAsync(new PostgreSqlServerOptions { Fsync = false, MaxConnections = 400 });
        var world = new ChaosWorld(settings, server, await server.CreateDatabaseAsync("chaos"));
        world._owned.Push(server);
        try
        {
            await world.FurnishAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that appends for one fault only, to aggregates of its own.</summary>
    public AppendClient CreateClient(Random random) => new(Interlocked.Increment(ref _occasionalClients), Log, Memory, random);

    public async ValueTask DisposeAsync()
    {
        if (Fleet is not null)
        {
            await Fleet.DisposeAsync();
        }

        await ProxiedLog.DisposeAsync();
        await Log.DisposeAsync();
        await AppendersNetwork.DisposeAsync();
        while (_owned.TryPop(out IAsyncDisposable? owned))
        {
            await owned.DisposeAsync();
        }
    }

    private async Task FurnishAsync()
    {
        await Log.MigrateAsync();
        ApplicationUser? user = await ApplicationUser.CreateAsync(Log.DataSource, Log.ConnectionString);
        string workers = user?.ConnectionString ?? Log.ConnectionString;
        (Disk, WhyNoDisk) = await SmallDisk.TryCreateAsync(Log.DataSource);
        if (Disk is not null)
        {
            _owned.Push(Disk);
        }

        await using NpgsqlCommand create = Log.DataSource.CreateCommand(
            $"{CheckStatements.CreateTraces}; CREATE TABLE read_model (event_id uuid NOT NULL, filler text NOT NULL) {(Disk is null ? "" : $"TABLESPACE {Disk.Tablespace}")}");
        await create.ExecuteNonQueryAsync();
        (Func<int, ShiftableClock>? clocks, WhyNoClock) = await ShiftableClock.TryFindAsync(Settings.LogFolder);
        WhyNoBouncer = PgBouncer.IsInstalled ? null : "PgBouncer is not installed (Debian's package: pgbouncer)";
        PgBouncer? bouncer = WhyNoBouncer is null
            ? await PgBouncer.StartAsync(workers, "pool_mode = transaction", "default_pool_size = 20", "max_client_conn = 1000", "server_login_retry = 1", "ignore_startup_parameters = extra_float_digits")
            : null;
        if (bouncer is not null)
        {
            _owned.Push(bouncer);
        }

        string[] settings = [.. Times(), .. Settings.Workers];
        Fleet = new Fleet(Settings.WorkerCount, Guests, new WorkerSurroundings(workers, bouncer?.ConnectionString, clocks, settings, Settings.Strategies, Settings.LogFolder, Findings));
    }

    private static IEnumerable<string> Times() =>
    [
        WorkerHost.Setting(nameof(ReplicaSetOptions.StaleWorkerTimeout), StaleWorkerTimeout),
        WorkerHost.Setting(nameof(ReplicaSetOptions.HeartbeatInterval), TimeSpan.FromMilliseconds(300)),
    ];
}
