using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Orchestrator.PostgreSql.EventStore;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>The product's event store, which tells nobody that it has appended.</summary>
internal sealed class SilentStore : IAppendNotifier, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SilentStore(BenchmarkDatabase database)
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<IAppendNotifier>(this).AddPostgreSqlEventStore(database.ConnectionString).BuildServiceProvider();
        Store = _services.GetRequiredService<IEventStore>();
    }

    public IEventStore Store { get; }

    public void Appended()
    {
        // Readers find it at their next poll.
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
