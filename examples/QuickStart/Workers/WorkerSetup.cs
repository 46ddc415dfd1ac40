using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using QuickStart.Projections;

namespace QuickStart.Workers;

/// <summary>What every worker runs, in a process of its own or in this one: two replica sets, three projections.</summary>
internal static class WorkerSetup
{
    public const int Projections = 3;

    public static void AddProjections(IServiceCollection services, Action<OrchestratorSetup> provider) =>
        services.AddProjectionOrchestrator(provider)
            .AddReplicaSet("main", options =>
            {
                ReactQuickly(options);
                options.BatchSize = 500;
            })
                .AddProjection<ChurnPerFile>()
                .AddProjection<ContributionPerAuthor>()
            .AddReplicaSet("analytics", options =>
            {
                ReactQuickly(options);
                options.BatchSize = 1_000;
            })
                .AddProjection<ActivityPerDay>();

    // The defaults are made for production; here nobody wants to watch 30 s of nothing when a worker freezes.
    private static void ReactQuickly(ReplicaSetOptions options)
    {
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        options.StaleWorkerTimeout = TimeSpan.FromSeconds(3);
        options.CoordinationTimeout = TimeSpan.FromSeconds(5);
        options.RegistrationWaitTime = TimeSpan.FromSeconds(1);
        options.PollInterval = TimeSpan.FromMilliseconds(250);
        options.DrainTimeout = TimeSpan.FromSeconds(10);
    }
}
