using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>What runs in a worker process: an ordinary host with two projections that write the trace.</summary>
internal static class WorkerHost
{
    public static async Task RunAsync(string connectionString)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services
            .AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString))
            .AddReplicaSet("main", Configure)
                .AddProjection<QueuedTrace>()
                .AddProjection<BatchedTrace>();
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
