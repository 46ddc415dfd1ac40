using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Projections;

namespace Orchestrator.MicroBenchmarks;

/// <summary>
/// A whole worker over the in-memory provider, from its start to the last of 200,000 events: what the product's own code costs where no database answers. Start and stop are in it, a few milliseconds. Figures an
/// event.
/// </summary>
public class Applying
{
    private const int Events = 200_000;

    private readonly InMemoryDatabase _database = new();
    private int _run;

    [Params(100, 1_000)]
    public int BatchSize { get; set; }

    // BenchmarkDotNet does not wait for a task here, in this process.
    [GlobalSetup]
    public void Fill() => FillAsync().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Events, Description = "apply an event, in memory")]
    public async Task ApplyAsync()
    {
        var last = new LastEvent(Events);
        using IHost host = Create(last);
        await host.StartAsync();
        await last.Reached;
        await host.StopAsync();
    }

    private async Task FillAsync()
    {
        using IHost host = Create(new LastEvent(0));
        await SampleEvents.AppendAsync(host.Services.GetRequiredService<IEventStore>(), Events);
    }

    private IHost Create(LastEvent last)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(last);
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory(_database))
            .AddReplicaSet($"run-{_run++}", options => options.BatchSize = BatchSize)
            .AddProjection<Counter>();
        return builder.Build();
    }

    private sealed class LastEvent(long position)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Handled(PersistedEvent e, ProjectionContext context)
        {
            if (e.GlobalPosition == position)
            {
                context.OnCommitted(() => _reached.TrySetResult());
            }
        }
    }

    private sealed class Counter(LastEvent last) : IProjection
    {
        public ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
        {
            last.Handled(e, context);
            return ValueTask.CompletedTask;
        }
    }
}
