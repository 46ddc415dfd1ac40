using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>
/// What runs in a worker process: an ordinary host with projections that leave a trace. Its settings are a host's, as a command line says them, such as
/// <c>--Orchestrator:ReplicaSets:main:Lanes=4</c>, and these of its own: <c>--Chaos:AllProjections=true</c> and those of <see cref="PointOfDeath"/>.
/// </summary>
internal static class WorkerHost
{
    /// <summary>All projections, instead of the first two.</summary>
    public const string AllProjections = "--Chaos:AllProjections=true";

    // Above every time-out of a connection, so that a silent network does not look like a hung loop.
    private static readonly TimeSpan LoopTimeout = TimeSpan.FromSeconds(20);

    /// <summary>A setting of the replica set.</summary>
    public static string Setting(string option, object value) => FormattableString.Invariant($"--Orchestrator:ReplicaSets:main:{option}={value}");

    public static async Task RunAsync(string connectionString, string[] settings)
    {
        EndWithParent();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCommandLine(settings);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        IReplicaSetBuilder replicaSet = builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet("main", Configure);
        if (PointOfDeath.Of(builder.Configuration) is { } death)
        {
            builder.Services.AddSingleton(death);
            replicaSet.AddProjection<DyingTrace>().AddProjection<DyingEffects>();
        }
        else
        {
            replicaSet.AddProjection<QueuedTrace>().AddProjection<BatchedTrace>();
            if (builder.Configuration.GetValue<bool>("Chaos:AllProjections"))
            {
                replicaSet.AddProjection<FilteredTrace>().AddProjection<EffectTrace>();
            }
        }

        builder.Services.AddHealthChecks().AddProjectionOrchestrator(health => health.LoopTimeout = LoopTimeout);
        builder.Services.AddHostedService<LivenessProbe>();
        using IHost host = builder.Build();
        await host.RunAsync();
    }

    // Our parent never writes: this ends when it has ended, however, and nobody is left who would end us.
    private static void EndWithParent()
    {
        static void Watch()
        {
            using Stream input = Console.OpenStandardInput();
            input.ReadByte();
            Environment.Exit(1);
        }

        new Thread(Watch) { IsBackground = true }.Start();
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
