using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.ReplicaSets;

/// <summary>A whole host on the in-memory provider, with projections that follow a script.</summary>
internal sealed class HostUnderTest : IDisposable, IAsyncDisposable
{
    private readonly IHost _host;

    public HostUnderTest(Action<IReplicaSetBuilder> addProjections, Action<ReplicaSetOptions>? configure = null, InMemoryDatabase? database = null)
    {
        Database = database ?? new InMemoryDatabase();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Script).AddSingleton<ILoggerFactory>(Loggers);
        addProjections(builder.Services.AddProjectionOrchestrator(o => o.UseInMemory(Database)).AddReplicaSet("main", rs =>
        {
            rs.JoinQuietTime = TimeSpan.FromMilliseconds(10);
            rs.CoordinationInterval = TimeSpan.FromMilliseconds(10);
            configure?.Invoke(rs);
        }));
        _host = builder.Build();
    }

    public InMemoryDatabase Database { get; }

    public Script Script { get; } = new();

    public RecordingLoggers Loggers { get; } = new();

    public IServiceProvider Services => _host.Services;

    /// <summary>Listens to the host's metrics from now on.</summary>
    public RecordedMetrics Measure() => new(_host.Services.GetRequiredService<IMeterFactory>());

    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public Task RunToEndAsync(CancellationToken cancellationToken = default) => _host.RunProjectionsToEndAsync(cancellationToken);

    public Task StopAsync() => _host.StopAsync();

    public async Task AppendAsync(int count, string eventType = "Happened")
    {
        IEventStore store = _host.Services.GetRequiredService<IEventStore>();
        for (int i = 0; i < count; i++)
        {
            await store.AppendAsync("Thing", $"thing-{i % 10}", ExpectedVersion.Any, [new EventData(eventType, Encoding.UTF8.GetBytes("{}"))]);
        }
    }

    /// <summary>What the health check with a tag says.</summary>
    public async Task<HealthReportEntry> CheckAsync(string tag)
    {
        HealthReport report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(registration => registration.Tags.Contains(tag));
        return report.Entries.Single().Value;
    }

    /// <summary>The position of each row of a projection.</summary>
    public IReadOnlyList<long> Positions(string projection)
    {
        lock (Database.Gate)
        {
            return [.. Database.ReplicaSet("main").InKeyOrder().Select(row => row.Value).Where(row => row.Projection == projection).Select(row => row.Position)];
        }
    }

    /// <summary>Whether a message with one of these words was logged.</summary>
    public bool Said(params string[] words) => Loggers.Entries.Any(entry => words.Any(word => entry.Message.Contains(word, StringComparison.Ordinal)));

    /// <summary>How many workers are registered.</summary>
    public int Workers()
    {
        lock (Database.Gate)
        {
            return Database.ReplicaSet("main").Workers.Count;
        }
    }

    public void Dispose() => _host.Dispose();

    /// <summary>What <c>await using</c> does with a host.</summary>
    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
