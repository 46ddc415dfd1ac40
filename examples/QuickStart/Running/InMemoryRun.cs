using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using Orchestrator.Hosting.InMemory;
using QuickStart.CommandLine;
using QuickStart.Display;
using QuickStart.Git;
using QuickStart.Importing;
using QuickStart.Progress;
using QuickStart.ReadModels;
using QuickStart.Workers;
using Spectre.Console;

namespace QuickStart.Running;

/// <summary>Runs several hosts in this process on one in-memory database.</summary>
internal static class InMemoryRun
{
    public static async Task<ReadModelSnapshot> RunAsync(GitRepository repository, RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var database = new InMemoryDatabase();
        var readModel = new InMemoryReadModel();
        List<IHost> hosts = [.. Enumerable.Range(0, options.Workers).Select(_ => CreateHost(database, readModel))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(hosts.Select(host => host.StartAsync(cancellationToken)));
            var importer = new HistoryImporter(hosts[0].Services.GetRequiredService<IEventStore>(), TimeProvider.System);
            Task import = importer.ImportAsync(GitLogReader.ReadAsync(repository.Path, repository.Revision, stop.Token), repository.Commits, TimeSpan.Zero, stop.Token);
            var progress = new InMemoryProgress(readModel, importer, import);
            var stall = new StallGuard(TimeProvider.System);
            await new ProgressView(console, TimeProvider.System).FollowAsync(
                async token =>
                {
                    if (import.IsFaulted)
                    {
                        await import;
                    }

                    ProgressSnapshot snapshot = await progress.ReadAsync(token);
                    stall.Observe(snapshot);
                    return (snapshot, "");
                },
                snapshot => snapshot.IsDone(WorkerSetup.Projections),
                cancellationToken);
            await Task.WhenAll(hosts.Select(host => host.StopAsync(CancellationToken.None)));
            return await readModel.ReadAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            hosts.ForEach(host => host.Dispose());
        }
    }

    private static IHost CreateHost(InMemoryDatabase database, IReadModel readModel)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(readModel);
        WorkerSetup.AddProjections(builder.Services, setup => setup.UseInMemory(database));
        return builder.Build();
    }
}
