using Npgsql;
using Orchestrator.ChaosTests.Appending;
using Orchestrator.ChaosTests.Checking;
using Orchestrator.ChaosTests.Faults;
using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.CommandLine;

/// <summary>One run: faults for a time, then peace, then the check.</summary>
internal sealed class ChaosRun(ChaosSettings settings, Action<string> say)
{
    private const string Roster = "SELECT count(*) FROM orchestrator_workers";

    private static readonly TimeSpan LongestAppendPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs.</summary>
    /// <param name="stop">Ends the faults early; the check is made all the same.</param>
    public async Task<ChaosReport> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(settings.LogFolder);
        await using ChaosWorld world = await ChaosWorld.CreateAsync(settings);
        say($"seed {settings.Seed}: {settings.WorkerCount} workers, {settings.Appenders} clients, {settings.Duration}, strategy {string.Join(" and ", settings.Strategies)}, {world.Server.Description}; logs in {settings.LogFolder}");
        await world.Fleet.WaitUntilWorkingAsync();
        using var stopAppending = new CancellationTokenSource();
        Task appending = new Appenders([world.Log, world.ProxiedLog], world.Memory, settings.Appenders, LongestAppendPause, settings.Seed).RunAsync(stopAppending.Token);
        var schedule = new FaultSchedule(world, FaultKinds.Named(settings.Faults));
        await using (var faults = new StreamWriter(Path.Combine(settings.LogFolder, "faults.log")) { AutoFlush = true })
        {
            TextWriter log = TextWriter.Synchronized(faults);
            await schedule.RunAsync(what => log.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}"), stop);
        }

        await stopAppending.CancelAsync();
        await appending;
        world.Fleet.Inspect();
        TimeSpan? caughtUpIn = await CatchUpAsync(world);
        await LookForIdlersAsync(world);
        await world.Fleet.StopAsync();
        var checker = new TraceChecker(world.Log.DataSource, ChaosWorld.Projections);
        return new ChaosReport(settings, schedule.Tally, await checker.CheckAsync(world.Memory), caughtUpIn, [.. world.Findings.All, .. await LeftBehindAsync(world)])
        {
            Generations = await CountAsync(world, "SELECT count(*) FROM orchestrator_generations"),
        };
    }

    private async Task<TimeSpan?> CatchUpAsync(ChaosWorld world)
    {
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            await new TraceChecker(world.Log.DataSource, ChaosWorld.Projections).WaitForAllAsync(settings.Patience);
            return TimeProvider.System.GetElapsedTime(began);
        }
        catch (TimeoutException exception)
        {
            world.Findings.Add(exception.Message);
            return null;
        }
    }

    // A worker that stands still has left the roster, while others do its work and nothing is missing. No fault is a reason for that once it is over.
    private async Task LookForIdlersAsync(ChaosWorld world)
    {
        int processes = world.Fleet.Slots.Count(static slot => slot.Process is not null);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        long began = TimeProvider.System.GetTimestamp();
        while (await CountAsync(world, Roster) is var workers && workers != processes)
        {
            if (TimeProvider.System.GetElapsedTime(began) > settings.Patience)
            {
                world.Findings.Add($"{workers} workers are on the roster, of {processes} processes: the log of one that stands still says why");
                return;
            }

            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // All workers have stopped in order: nothing of them may be left.
    private static async Task<IEnumerable<string>> LeftBehindAsync(ChaosWorld world)
    {
        long workers = await CountAsync(world, Roster);
        long sessions = await CountAsync(world, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'orc:%'");
        return [.. workers == 0 ? (string[])[] : [$"{workers} workers are still on the roster"], .. sessions == 0 ? (string[])[] : [$"{sessions} sessions of workers are still open"]];
    }

    private static async Task<long> CountAsync(ChaosWorld world, string sql)
    {
        await using NpgsqlCommand command = world.Log.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
