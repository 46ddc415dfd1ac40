using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests.Appending;

/// <summary>Clients that append at the same time, without end. When the server goes away they wait for it to come back.</summary>
/// <param name="logs">The ways to the log, which the clients take in turn.</param>
/// <param name="memory">Where they remember what they did.</param>
/// <param name="clients">How many.</param>
/// <param name="longestPause">The longest pause behind an append.</param>
/// <param name="seed">What chance they act by.</param>
internal sealed class Appenders(IReadOnlyList<LogAccess> logs, AppendMemory memory, int clients, TimeSpan longestPause, int seed)
{
    /// <summary>Appends until told to stop.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(client, stop), CancellationToken.None)));

    private async Task RunClientAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed + number);
        var client = new AppendClient(number, logs[number % logs.Count], memory, random);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await client.AppendAsync();
                await Task.Delay(longestPause * random.NextDouble(), TimeProvider.System, CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or EventStoreException)
            {
                // The server was restarted, or the network cut, under a transaction of the client's.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
