using Microsoft.Extensions.Configuration;

namespace Orchestrator.Cli.Connecting;

/// <summary>What a command was told about the database.</summary>
/// <param name="Source">Where the connection string stands, in words.</param>
/// <param name="ConnectionString">The connection string.</param>
/// <param name="Configuration">All settings, with this connection string as <c>Orchestrator:PostgreSql:ConnectionString</c>.</param>
internal sealed record DatabaseSettings(string Source, string ConnectionString, IConfigurationRoot Configuration);
