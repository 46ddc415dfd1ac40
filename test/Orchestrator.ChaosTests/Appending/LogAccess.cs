using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests.Appending;

/// <summary>A way to the log: the event store, and connections for transactions of the client's own.</summary>
internal sealed class LogAccess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public LogAccess(string connectionString)
    {
        ConnectionString = connectionString;
        _services = new ServiceCollection().AddLogging().AddPostgreSqlEventStore(connectionString).BuildServiceProvider();
        DataSource = NpgsqlDataSource.Create(connectionString);
        Store = _services.GetRequiredService<IEventStore>();
    }

    public string ConnectionString { get; }

    public IEventStore Store { get; }

    public NpgsqlDataSource DataSource { get; }

    public Task MigrateAsync() => _services.MigrateOrchestratorAsync();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await DataSource.DisposeAsync();
    }
}
