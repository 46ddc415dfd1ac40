using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Compares the pool that batches come from with what the registered replica sets need at once.</summary>
internal sealed class PoolSize(OrchestratorRegistry registry, IOptionsMonitor<ReplicaSetOptions> replicaSets, PostgreSqlSource source, IServiceProvider services)
{
    private const int SessionsOfAReplicaSet = 2;
    private const int SessionsOfTheLog = 2;
    private const int SessionsOfTheStore = 1;

    /// <summary>Where the pool's settings are, in words.</summary>
    public string Owner(PostgreSqlOptions options) => IsOwn(options) ? "Orchestrator:PostgreSql:ConnectionString" : "the NpgsqlDataSource among the services";

    /// <summary>What is needed, and the pool's limit; null where there is none, or where other options are wrong: their own checks say so.</summary>
    public (PoolNeed Need, int Max)? Find(PostgreSqlOptions options)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(IsOwn(options) ? options.ConnectionString : services.GetService<NpgsqlDataSource>()?.ConnectionString);
            return builder.Pooling && NeedOf(keepsSessions: !IsOwn(options) && options.CoordinationConnectionString is null) is { ReplicaSets: > 0 } need ? (need, builder.MaxPoolSize) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or OptionsValidationException)
        {
            return null;
        }
    }

    private bool IsOwn(PostgreSqlOptions options) => !source.IsDataSource || !string.IsNullOrWhiteSpace(options.ConnectionString);

    private PoolNeed NeedOf(bool keepsSessions)
    {
        (int Projections, int Lanes)[] running =
        [
            .. from replicaSet in registry.ReplicaSets
               let options = replicaSets.Get(replicaSet.Name)
               where options.Enabled
               select (replicaSet.Projections.Count, options.Lanes),
        ];
        int sessions = keepsSessions ? (SessionsOfAReplicaSet * running.Length) + SessionsOfTheLog + SessionsOfTheStore : 0;
        return new PoolNeed(running.Length, running.Sum(set => set.Projections * set.Lanes), sessions);
    }
}
