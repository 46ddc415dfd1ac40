using Examples.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;
using WorkerPool;
using WorkerPool.Projections;

const int Accounts = 40;
const int DepositsEach = 10;
const int Lanes = 4;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("worker_pool", Ledger.CreateTable, deadline.Token);
var lanesAtWork = new LanesAtWork();

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(lanesAtWork);
builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database.ConnectionString))
    .AddReplicaSet("pool", o =>
    {
        o.Lanes = Lanes;
        o.BatchSize = 20;
    })
        .AddProjection<Ledger>();

using IHost host = builder.Build();

// Before the worker starts: so that every lane has work from the first moment.
long events = await Deposits.AppendAsync(host.Services.GetRequiredService<IEventStore>(), Accounts, DepositsEach, deadline.Token);
Console.WriteLine($"{events} deposits to {Accounts} accounts are in the log.");

await host.StartAsync(deadline.Token);
await database.WaitUntilAppliedAsync(Ledger.Name, events, deadline.Token);
await host.StopAsync(deadline.Token);

const string CountOnce = "SELECT count(*) FROM (SELECT FROM ledger GROUP BY account_id, version HAVING count(*) = 1) AS once";
const string CountInOrder =
    """
    SELECT count(*) FROM (
      SELECT FROM (SELECT account_id, version, row_number() OVER (PARTITION BY account_id ORDER BY written) AS place FROM ledger) AS lines
      GROUP BY account_id HAVING bool_and(version = place)) AS in_order
    """;
Console.WriteLine($"Deposits applied exactly once: {await database.ReadAsync<long>(CountOnce, deadline.Token)}.");
Console.WriteLine($"Accounts whose deposits were applied in order: {await database.ReadAsync<long>(CountInOrder, deadline.Token)}.");
Console.WriteLine($"Lanes at work at the same time: {lanesAtWork.Most} of {Lanes}.");
