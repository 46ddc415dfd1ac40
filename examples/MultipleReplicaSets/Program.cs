using Examples.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MultipleReplicaSets.Projections;
using Orchestrator.Events;

const int Accounts = 20;
const int DepositsEach = 20;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("multiple_replica_sets", Balances.CreateTable + Statements.CreateTable, deadline.Token);

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database.ConnectionString))
    .AddReplicaSet("fast", o => o.BatchSize = 200)
        .AddProjection<Balances>()
    .AddReplicaSet("slow", o => o.BatchSize = 10)
        .AddProjection<Statements>();

using IHost host = builder.Build();
await host.StartAsync(deadline.Token);

long events = await Deposits.AppendAsync(host.Services.GetRequiredService<IEventStore>(), Accounts, DepositsEach, deadline.Token);
Console.WriteLine($"{events} deposits to {Accounts} accounts are in the log.");

await database.WaitUntilAppliedAsync(Balances.Name, events, deadline.Token);
Console.WriteLine($"The balances are complete. The statements are at position {await database.PositionAsync(Statements.Name, deadline.Token)}.");
await database.WaitUntilAppliedAsync(Statements.Name, events, deadline.Token);
Console.WriteLine("The statements are complete.");

// Every account got 1 + 2 + ... + 20 = 210.
const string CountBalances = "SELECT count(*) FROM balances WHERE balance = 210";
const string CountLines = "SELECT count(*) FROM statements WHERE amount = line";
const string CountReplicaSets = "SELECT count(*) FROM orchestrator_generations WHERE state = 'active'";
Console.WriteLine($"Balances of 210: {await database.ReadAsync<long>(CountBalances, deadline.Token)}.");
Console.WriteLine($"Lines of statements: {await database.ReadAsync<long>(CountLines, deadline.Token)}.");
Console.WriteLine($"Replica sets, each with a generation of its own: {await database.ReadAsync<long>(CountReplicaSets, deadline.Token)}.");

await host.StopAsync(deadline.Token);
