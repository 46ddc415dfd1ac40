using Orchestrator.Hosting.Configuration;
using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>The options of a seed's processes: from impatient to patient, so that every time-out is sometimes the one that strikes first.</summary>
internal static class SeedOptions
{
    /// <summary>Draws them.</summary>
    /// <returns>Makes them for one process.</returns>
    public static Func<ReplicaSetOptions> Of(World world, SeedSize size)
    {
        TimeSpan staleWorkerTimeout = world.Between(400, 2_000) * size.Patience;
        TimeSpan coordinationTimeout = world.Between(100, 1_500) * size.Patience;
        TimeSpan heartbeatInterval = staleWorkerTimeout * (0.1 + (world.Random.NextDouble() * 0.2));
        TimeSpan coordinationInterval = world.Between(50, 250);
        TimeSpan registrationWaitTime = world.Between(100, 500) * size.Patience;
        TimeSpan joinQuietTime = world.Between(20, 100) * size.Patience;
        TimeSpan pollInterval = world.Between(50, 500);
        int pageSize = world.Random.Next(2, 20);
        int lanes = world.Chance(0.3) ? world.Random.Next(2, 4) : 1;
        int? maxWorkers = world.Chance(0.3) ? world.Random.Next(1, 4) : null;
        return () => new ReplicaSetOptions
        {
            HeartbeatInterval = heartbeatInterval,
            StaleWorkerTimeout = staleWorkerTimeout,
            CoordinationTimeout = coordinationTimeout,
            CoordinationInterval = coordinationInterval,
            RegistrationWaitTime = registrationWaitTime,
            JoinQuietTime = joinQuietTime,
            PollInterval = pollInterval,
            DrainTimeout = TimeSpan.FromSeconds(1),
            PageSize = pageSize,
            Lanes = lanes,
            MaxWorkers = maxWorkers,
            Retry = new RetryOptions { InitialDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(100) },
        };
    }
}
