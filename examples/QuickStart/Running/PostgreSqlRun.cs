using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Testing;
using QuickStart.CommandLine;
using QuickStart.Display;
using QuickStart.Git;
using QuickStart.Importing;
using QuickStart.Progress;
using QuickStart.ReadModels;
using QuickStart.Workers;
using Spectre.Console;

namespace QuickStart.Running;

/// <summary>Runs in a schema of its own: the import in this process, the projections in processes of their own.</summary>
internal static class PostgreSqlRun
{
    // Long enough for a dozen faults to hit workers that have work.
    private static readonly TimeSpan ChaosDuration = TimeSpan.FromSeconds(20);

    public static async Task<(ReadModelSnapshot Rows, string End)> RunAsync(
        PostgreSqlServer server, GitRepository repository, RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        string connectionString = await server.CreateSchemaAsync("quickstart", cancellationToken);
        try
        {
            await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = connectionString }).MigrateAsync(cancellationToken);
            await using var dataSource = NpgsqlDataSource.Create(connectionString);
            var readModel = new PostgreSqlReadModel(dataSource);
            await readModel.CreateTablesAsync(cancellationToken);
            string end = await ProjectAsync(connectionString, dataSource, repository, options, console, cancellationToken);
            return (await readModel.ReadAsync(cancellationToken), end);
        }
        finally
        {
            await server.DropSchemaAsync(connectionString, CancellationToken.None);
        }
    }

    private static async Task<string> ProjectAsync(
        string connectionString, NpgsqlDataSource dataSource, GitRepository repository, RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddPostgreSqlEventStore(connectionString).BuildServiceProvider();
        using var fleet = new WorkerFleet(connectionString);
        for (int i = 0; i < options.Workers; i++)
        {
            fleet.Start();
        }

        var importer = new HistoryImporter(services.GetRequiredService<IEventStore>(), TimeProvider.System);
        Task import = importer.ImportAsync(
            GitLogReader.ReadAsync(repository.Path, repository.Revision, stop.Token), repository.Commits, options.Chaos ? ChaosDuration : TimeSpan.Zero, stop.Token);
        var chaos = new Chaos(fleet, options.Workers, options.Seed, TimeProvider.System);
        Task faults = options.Chaos ? ChaosUntilAsync(import, chaos, stop.Token) : Task.CompletedTask;
        var progress = new PostgreSqlProgress(dataSource, importer, import);
        var stall = new StallGuard(TimeProvider.System);
        try
        {
            await new ProgressView(console, TimeProvider.System).FollowAsync(
                async token =>
                {
                    await ThrowIfFailed(import, faults);
                    fleet.ThrowIfOneDied();
                    ProgressSnapshot snapshot = await progress.ReadAsync(token);
                    stall.Observe(snapshot);
                    return (snapshot, options.Chaos ? $"chaos: {(faults.IsCompleted ? "over" : chaos.Last)}" : "");
                },
                snapshot => snapshot.IsDone(WorkerSetup.Projections) && faults.IsCompleted,
                cancellationToken);
            await fleet.StopAsync();
            fleet.DeleteLogs();
            return options.Chaos ? $"Chaos: {chaos.Summary}." : "";
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(import, faults).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The faults end with the import, so that the last ones still hit workers that have work.
    private static async Task ChaosUntilAsync(Task import, Chaos chaos, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task running = chaos.RunAsync(over.Token, cancellationToken);
        await Task.WhenAny(import, running);
        await over.CancelAsync();
        await running;
    }

    private static async Task ThrowIfFailed(params Task[] tasks)
    {
        foreach (Task task in tasks.Where(task => task.IsFaulted))
        {
            await task;
        }
    }
}
