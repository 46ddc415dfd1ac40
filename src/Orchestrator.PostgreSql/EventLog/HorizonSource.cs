using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>What a session that observes the log is opened with.</summary>
/// <param name="Connections">Opens it.</param>
/// <param name="Sql">The statements.</param>
/// <param name="History">What earlier sessions of this process have seen.</param>
internal sealed record HorizonSource(PostgreSqlConnections Connections, SqlCatalog Sql, LogHistory History);
