using Examples.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using WithLogging;
using WithLogging.Projections;

const string PartitionsAtWork = "SELECT count(*) FROM orchestrator_workers WHERE partition_key >= 0";

// A crash, as the database and the other workers see it: the sessions of one worker are gone.
const string Crash =
    """
    SELECT count(pg_terminate_backend(session.pid))
    FROM orchestrator_workers AS worker JOIN pg_stat_activity AS session ON session.application_name LIKE 'orc:' || worker.worker_id || ':%'
    WHERE worker.partition_key = 1
    """;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("with_logging", Moody.CreateTable, deadline.Token);
IConfiguration levels = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "logging.json")).Build().GetSection("Logging");
var mood = new Mood();
long appended = 0;

// Two workers live in this process: they share a factory, or their lines would overtake each other. An application leaves its host's own factory, and its levels in appsettings.json.
using (ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddConfiguration(levels).AddSimpleConsole(console => console.SingleLine = true)))
{
    ILogger story = loggers.CreateLogger("Orchestrator.Story");
    using IHost first = CreateHost(loggers);
    using IHost second = CreateHost(loggers);

    story.Tell("A worker starts, and a deposit comes");
    await first.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 1, deadline.Token);
    await DepositAsync(first);

    story.Tell("Another worker joins");
    await second.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 2, deadline.Token);

    story.Tell("One of them crashes");
    await database.ReadAsync<long>(Crash, deadline.Token);
    await database.WaitUntilAsync("SELECT count(*) FROM orchestrator_generations WHERE state = 'active' AND generation_id > 2", 1, deadline.Token);
    await second.StopAsync(deadline.Token);

    story.Tell("A handler fails twice");
    mood.Spoil(calls: 2);
    await DepositAsync(first);

    story.Tell("The host stops");
    await first.StopAsync(deadline.Token);
}

// The same levels in another shape, for a machine that collects the lines.
using (ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddConfiguration(levels).AddJsonConsole()))
{
    using IHost third = CreateHost(loggers);
    await third.StartAsync(deadline.Token);
    await database.WaitUntilAsync(PartitionsAtWork, 1, deadline.Token);
    await third.StopAsync(deadline.Token);
}

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

async Task DepositAsync(IHost host)
{
    EventData deposited = new("Deposited", "1"u8.ToArray());
    IEventStore store = host.Services.GetRequiredService<IEventStore>();
    appended = (await store.AppendAsync(Deposits.AggregateType, "ada", ExpectedVersion.Any, [deposited], cancellationToken: deadline.Token)).LastPosition;
    await database.WaitUntilAppliedAsync(Moody.Name, appended, deadline.Token);
}
