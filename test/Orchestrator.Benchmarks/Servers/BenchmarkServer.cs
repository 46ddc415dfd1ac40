using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>A PostgreSQL with default settings, where every commit waits for the disk unless it says otherwise.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly PostgreSqlServer _server;

    private BenchmarkServer(PostgreSqlServer server) => _server = server;

    /// <summary>The server's default database.</summary>
    public string ConnectionString => _server.ConnectionString;

    public static async Task<BenchmarkServer> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) =>
        new(await PostgreSqlServer.StartAsync(new PostgreSqlServerOptions { Fsync = true, Settings = settings }, cancellationToken));

    /// <summary>Creates a database with the orchestrator's tables, and a door to it.</summary>
    public async Task<BenchmarkDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        string connectionString = await _server.CreateDatabaseAsync("bench", cancellationToken);
        ServiceProvider services = new ServiceCollection().AddLogging().AddPostgreSqlEventStore(connectionString).BuildServiceProvider();
        await services.MigrateOrchestratorAsync(cancellationToken);
        return new BenchmarkDatabase(connectionString, services);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
