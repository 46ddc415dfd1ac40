using Examples.Shared;
using Workflow;

// This program is both: the process that checks out an order, and, without "checkout", the one that starts it, again if it dies, and looks at what the bank has done.
if (args is ["checkout", string connectionString, string requestId, .. string[] rest])
{
    await Checkout.RunAsync(connectionString, requestId, crashAfter: rest.FirstOrDefault());
    return 0;
}

string crashAfter = args switch
{
    [] => "payments",
    ["--crash-after", string service] when Checkout.Services.Contains(service) => service,
    _ => "",
};
if (crashAfter.Length == 0)
{
    await Console.Error.WriteLineAsync($"Usage: Workflow [--crash-after SERVICE], where SERVICE is one of {string.Join(", ", Checkout.Services)}.");
    return 2;
}

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("workflow", Bank.CreateTables, deadline.Token);

Console.WriteLine("order-1, by a process that nothing happens to:");
await CheckoutProcess.RunAsync(database.ConnectionString, "order-1", crashAfter: null, deadline.Token);

Console.WriteLine($"order-2, by a process that is killed when {crashAfter} has done its work, before the journal says so:");
await CheckoutProcess.RunAsync(database.ConnectionString, "order-2", crashAfter, deadline.Token);
string lastWord = $"SELECT kind FROM orchestrator_workflow_journal WHERE service = '{crashAfter}' ORDER BY run_id DESC, number DESC LIMIT 1";
Console.WriteLine($"  The journal's last word on {crashAfter}: {await database.ReadAsync<string>(lastWord, deadline.Token)}.");

Console.WriteLine("order-2 again, by another process:");
await CheckoutProcess.RunAsync(database.ConnectionString, "order-2", crashAfter: null, deadline.Token);

long asked = await database.ReadAsync<long>("SELECT count(*) FROM bank_requests", deadline.Token);
long payments = await database.ReadAsync<long>("SELECT count(*) FROM bank_payments", deadline.Token);
Console.WriteLine($"The bank was asked {asked} times for 2 orders, and has taken {payments} payments.");
return 0;
