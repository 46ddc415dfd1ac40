using Examples.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orchestrator.Events;
using WithLogging;
using WithLogging.Projections;

const string PartitionsAtWork = "SELECT count(*) FROM orchestrator_workers WHERE partition_key >= 0";
const string AloneAgain =
    "SELECT count(*) FROM orchestrator_generations WHERE state = 'active' AND total_partitions = 1 AND NOT EXISTS (SELECT FROM orchestrator_generations WHERE state = 'forming')";

// A crash, as the database and the other workers see it: the sessions of one worker are gone.
const string Crash =
    """
    SELECT count(pg_terminate_backend(session.pid))
    FROM orchestrator_workers AS worker JOIN pg_stat_activity AS session ON session.application_name LIKE 'orc:' || worker.worker_id || ':%'
    WHERE worker.partition_key = 1
    """;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("with_logging", Moody.CreateTable, deadline.Token);
IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "logging.json")).AddCommandLine(args).Build();
var mood = new Mood();

// Two workers live in this process: they share a factory, or their lines would overtake each other. An application leaves its host's own factory, and has these settings in its appsettings.json.
using (ILoggerFactory loggers = CreateLoggers())
{
    ILogger story = loggers.CreateLogger("Orchestrator.Story");
    using IHost first = CreateHost(loggers);
    using IHost second = CreateHost(loggers);

    story.Tell("A worker starts, and deposits come");
    await first.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 1, deadline.Token);
    await DepositTwiceAsync(first);

    story.Tell("Another worker joins");
    await second.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 2, deadline.Token);

    story.Tell("One of them crashes, and comes back");
    long before = await database.ReadAsync<long>("SELECT max(generation_id) FROM orchestrator_generations", deadline.Token);
    await database.ReadAsync<long>(Crash, deadline.Token);
    await database.WaitUntilAsync($"{PartitionsAtWork} AND generation_id > {before}", 2, deadline.Token);

    story.Tell("It is stopped");
    await second.StopAsync(deadline.Token);
    await database.WaitUntilAsync(AloneAgain, 1, deadline.Token);

    story.Tell("A handler fails twice");
    mood.Spoil(calls: 2);
    await DepositTwiceAsync(first);

    story.Tell("The host stops");
    await first.StopAsync(deadline.Token);
}

// The same in another shape, for a machine that collects the lines.
configuration["Logging:Console:FormatterName"] = ConsoleFormatterNames.Json;
using (ILoggerFactory loggers = CreateLoggers())
{
    using IHost third = CreateHost(loggers);
    await third.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 1, deadline.Token);
    await third.StopAsync(deadline.Token);
}

ILoggerFactory CreateLoggers() => LoggerFactory.Create(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole());

IHost CreateHost(ILoggerFactory loggers)
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddSingleton(mood);
    builder.Services.AddSingleton(loggers);
    builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database.ConnectionString))
        .AddReplicaSet("main")
            .AddProjection<Moody>();
    return builder.Build();
}

// Twice: when the second deposit is applied, what is logged about the first has been written.
async Task DepositTwiceAsync(IHost host)
{
    IEventStore store = host.Services.GetRequiredService<IEventStore>();
    for (int deposit = 0; deposit < 2; deposit++)
    {
        AppendResult appended = await store.AppendAsync(Deposits.AggregateType, "ada", ExpectedVersion.Any, [new EventData("Deposited", "1"u8.ToArray())], cancellationToken: deadline.Token);
        await database.WaitUntilAppliedAsync(Moody.Name, appended.LastPosition, deadline.Token);
    }
}
