using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>What runs in a worker process: an ordinary host with two projections that write the trace.</summary>
internal static class WorkerHost
{
    public static async Task RunAsync(string connectionString, Action<ReplicaSetOptions>? configure = null, PointOfDeath? death = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        IReplicaSetBuilder replicaSet = builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main", Configure);
        if (configure is not null)
        {
            replicaSet = replicaSet.AddReplicaSet("main", configure);
        }

        if (death is null)
        {
            replicaSet.AddProjection<QueuedTrace>().AddProjection<BatchedTrace>();
        }
        else
        {
            builder.Services.AddSingleton(death).AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
            replicaSet.AddProjection<DyingTrace>().AddProjection<DyingEffects>();
        }

        using IHost host = builder.Build();
        await host.RunAsync();
    }

    private static void Configure(ReplicaSetOptions options)
    {
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.StaleWorkerTimeout = TimeSpan.FromSeconds(2);
        options.CoordinationTimeout = TimeSpan.FromSeconds(5);
        options.BatchSize = 50;
        options.PollInterval = TimeSpan.FromMilliseconds(250);
    }
}
