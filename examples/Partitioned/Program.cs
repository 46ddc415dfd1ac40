using Examples.Shared;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Events;
using Partitioned;
using Partitioned.Projections;

// This program is both: the processes that share the log, and, without an argument, the one that starts them and looks at what they do.
if (args is ["worker", ..])
{
    await Worker.RunAsync(args);
    return;
}

const int Accounts = 30;
const int DepositsEach = 10;
const int Total = 3;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("partitioned", Ledger.CreateTable, deadline.Token);
await using ServiceProvider services = new ServiceCollection().AddLogging().AddPostgreSqlEventStore(database.ConnectionString).BuildServiceProvider();
IEventStore store = services.GetRequiredService<IEventStore>();

long events = await Deposits.AppendAsync(store, Accounts, DepositsEach, deadline.Token);
Console.WriteLine($"{events} deposits to {Accounts} accounts are in the log.");

WorkerProcess[] workers = [.. Enumerable.Range(0, Total).Select(key => WorkerProcess.Start(database.ConnectionString, key, Total))];
await database.WaitUntilAppliedAsync(Ledger.Name, events, deadline.Token);
await ShowAsync();

// As when a deployment goes wrong: two processes believe to be the same one.
WorkerProcess second = WorkerProcess.Start(database.ConnectionString, key: 1, Total);
string refusal = await second.WaitForLineAsync("cannot take partition", deadline.Token);
Console.WriteLine($"A second process with the key 1 is refused. {refusal[refusal.IndexOf("The same", StringComparison.Ordinal)..]}.");

// Nobody else takes the share of a process that dies: it waits for one with the same key. Here that one waits already.
await workers[1].KillAsync(deadline.Token);
events += await Deposits.AppendAsync(store, Accounts, DepositsEach, deadline.Token, after: DepositsEach);
await database.WaitUntilAppliedAsync(Ledger.Name, events, deadline.Token);
Console.WriteLine("The first one was killed, and the second has taken its place.");
await ShowAsync();

foreach (WorkerProcess worker in new[] { workers[0], second, workers[2] })
{
    await worker.StopAsync(deadline.Token);
}

async Task ShowAsync()
{
    const string CountOnce = "SELECT count(*) FROM (SELECT FROM ledger GROUP BY account_id, version HAVING count(*) = 1) AS once";
    const string CountWorkers = "SELECT count(DISTINCT worker_id) FROM ledger";
    long once = await database.ReadAsync<long>(CountOnce, deadline.Token);
    long by = await database.ReadAsync<long>(CountWorkers, deadline.Token);
    Console.WriteLine($"Deposits applied exactly once: {once}, by {by} workers.");
}
