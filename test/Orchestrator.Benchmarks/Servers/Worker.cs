using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>Builds a worker: an ordinary host in this process, which logs nothing.</summary>
internal static class Worker
{
    /// <summary>Builds a worker that is not started yet.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="replicaSet">The replica set's name. A new one begins at the start of the log.</param>
    /// <param name="probe">What the projections report to; they get it by their constructors.</param>
    /// <param name="addProjections">Adds the projections.</param>
    /// <param name="configure">Settings.</param>
    public static IHost Create<TProbe>(
        string connectionString, string replicaSet, TProbe probe, Action<IReplicaSetBuilder> addProjections, Action<ReplicaSetOptions>? configure = null)
        where TProbe : class
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(probe);
        addProjections(builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).AddReplicaSet(replicaSet, configure));
        return builder.Build();
    }

    /// <summary>Builds a host with many replica sets, all alike and with default settings.</summary>
    public static IHost CreateMany<TProbe>(string connectionString, IEnumerable<string> replicaSets, TProbe probe, Action<IReplicaSetBuilder> addProjections)
        where TProbe : class
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(probe);
        IOrchestratorBuilder orchestrator = builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString));
        foreach (string replicaSet in replicaSets)
        {
            addProjections(orchestrator.AddReplicaSet(replicaSet));
        }

        return builder.Build();
    }

    /// <summary>A name that no replica set has had.</summary>
    public static string NewReplicaSet() => Guid.NewGuid().ToString("N");
}
