using Examples.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using StopResume;
using StopResume.Projections;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("stop_resume", History.CreateTable, deadline.Token);

using IHost first = CreateHost();
long events = await Deposits.AppendAsync(first.Services.GetRequiredService<IEventStore>(), accounts: 20, depositsEach: 20, deadline.Token);
Console.WriteLine($"{events} deposits are in the log.");

// Stopping drains: the batch in hand is committed, together with its position. So it stops at the half or a little later.
await first.StartAsync(deadline.Token);
await database.WaitUntilAppliedAsync(History.Name, events / 2, deadline.Token);
await first.StopAsync(deadline.Token);
long stoppedAt = await database.PositionAsync(History.Name, deadline.Token);
Console.WriteLine($"The first run began at position {BeginningOf(first)} and was stopped at position {stoppedAt}.");
Console.WriteLine($"It stopped on the way: {stoppedAt >= events / 2 && stoppedAt < events}.");
Console.WriteLine($"What it wrote is what its position says: {await database.ReadAsync<long>("SELECT count(*) FROM history", deadline.Token) == stoppedAt}.");

// A host cannot be started twice; the second is what the same program would build when it runs again.
using IHost second = CreateHost();
await second.StartAsync(deadline.Token);
await database.WaitUntilAppliedAsync(History.Name, events, deadline.Token);
await second.StopAsync(deadline.Token);
Console.WriteLine($"The second run began at position {BeginningOf(second)} and ended at position {await database.PositionAsync(History.Name, deadline.Token)}.");
Console.WriteLine($"It went on where the first one was: {BeginningOf(second) == stoppedAt + 1}.");

const string CountOnce = "SELECT count(*) FROM (SELECT FROM history GROUP BY position HAVING count(*) = 1) AS once";
Console.WriteLine($"Deposits applied exactly once: {await database.ReadAsync<long>(CountOnce, deadline.Token)}.");

IHost CreateHost()
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<FirstHandled>();
    builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database.ConnectionString))
        .AddReplicaSet("main", o => o.BatchSize = 10)
            .AddProjection<History>();
    return builder.Build();
}

static long? BeginningOf(IHost host) => host.Services.GetRequiredService<FirstHandled>().Position;
