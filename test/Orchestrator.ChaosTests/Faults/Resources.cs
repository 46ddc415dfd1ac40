using Npgsql;
using Orchestrator.ChaosTests.Appending;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>The disk of one projection's table is full for a while.</summary>
internal sealed class FillDisk : IFault
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public string Name => "disk-full";

    public string? WhyNot(ChaosWorld world) => world.WhyNoDisk;

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            world.Disk!.Fill();
            bool isFull = await IsFullAsync(world);
            await random.PauseAsync(1, 4);
            return isFull;
        }
        finally
        {
            world.Disk!.Free();
            _oneAtATime.Release();
        }
    }

    // A table of its own needs a page at once, where the projections' one may have room left in its last.
    private static async Task<bool> IsFullAsync(ChaosWorld world)
    {
        await using NpgsqlConnection connection = await world.Log.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            await using var command = new NpgsqlCommand($"CREATE TABLE probe TABLESPACE {world.Disk!.Tablespace} AS SELECT 1 AS one", connection, transaction);
            await command.ExecuteNonQueryAsync();
            return false;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DiskFull)
        {
            return true;
        }
    }
}

/// <summary>A handler waits without awaiting, and uses up its process's thread pool.</summary>
internal sealed class StarveThreads : IFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => "thread-starvation";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        long before = await LastTraceAsync(world);
        if (await world.CreateClient(random).AppendOneAsync(EventTypes.Starve) is not { } id)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!deadline.IsCancellationRequested)
        {
            if (await IsHandledAsync(world, id, before))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        }

        return false;
    }

    private static async Task<long> LastTraceAsync(ChaosWorld world)
    {
        await using NpgsqlCommand command = world.Log.DataSource.CreateCommand("SELECT coalesce(max(id), 0) FROM trace");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<bool> IsHandledAsync(ChaosWorld world, Guid id, long before)
    {
        await using NpgsqlCommand command = world.Log.DataSource.CreateCommand("SELECT EXISTS (SELECT FROM trace WHERE id > $1 AND event_id = $2 AND projection = $3)");
        foreach (object value in (ReadOnlySpan<object>)[before, id, BatchedTrace.Name])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync() is true;
    }
}

/// <summary>The wall clock of one worker jumps by an hour while it runs, forward or back.</summary>
internal sealed class ShiftClock : WorkerFault
{
    public override string Name => "clock-shift";

    public override string? WhyNot(ChaosWorld world) => world.WhyNoClock;

    protected override bool MayStrike(WorkerSlot slot) => slot is { Process: not null, Clock: not null };

    protected override Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        slot.Clock!.Shift(TimeSpan.FromHours(random.OneOf(-1, 1)));
        return Task.FromResult(true);
    }
}

/// <summary>A worker is replaced by one whose batches go through PgBouncer, which gives each transaction another session of the server.</summary>
internal sealed class UseBouncer : WorkerFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public override string Name => "pgbouncer";

    public override string? WhyNot(ChaosWorld world) => world.WhyNoBouncer;

    protected override async Task<bool> StrikeAsync(WorkerSlot slot, Random random)
    {
        await slot.StopAsync();
        slot.Start(pooled: true);
        await slot.Process!.WaitForOutputAsync("Assigned partition", Patience);
        return true;
    }
}
