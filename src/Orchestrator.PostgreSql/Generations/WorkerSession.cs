using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>What everything that runs on a control session shares.</summary>
/// <param name="Kept">The session.</param>
/// <param name="WorkerId">The worker.</param>
/// <param name="ReplicaSet">Its replica set.</param>
/// <param name="LeaderKey">The replica set's leader lock.</param>
/// <param name="Channel">Where the replica set's notifications go.</param>
/// <param name="Services">What is the same for every session of the process.</param>
internal sealed record WorkerSession(KeptSession Kept, Guid WorkerId, string ReplicaSet, long LeaderKey, string Channel, SessionServices Services)
{
    /// <summary>The session's connection.</summary>
    public NpgsqlConnection Connection => Kept.Connection;

    /// <summary>The statements, as they are on this way to the server.</summary>
    public SqlCatalog Sql => Kept.IsShared ? Services.Sql.Proxied : Services.Sql;
}

/// <summary>What is the same for every session of the process.</summary>
internal sealed record SessionServices(PostgreSqlConnections Connections, SqlCatalog Sql, TimeProvider Time, ILogger Logger);
