using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.Benchmarks.Raw;

/// <summary>Waits for a notification, reads what is new, moves its checkpoint, and says which events that were.</summary>
internal sealed class RawSubscription(NpgsqlDataSource dataSource)
{
    private const string Channel = "raw_append";

    /// <summary>Tells subscriptions that something was appended. Sent after the append's commit, as the product does.</summary>
    public async Task NotifyAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = dataSource.CreateCommand($"NOTIFY {Channel}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="after">The position to begin behind.</param>
    /// <param name="listening">Is set when nothing can be missed any more.</param>
    /// <param name="applied">Is given every batch after its commit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(long after, TaskCompletionSource listening, Action<IReadOnlyList<PersistedEvent>> applied, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection listener = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", listener))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        listening.SetResult();
        var projection = new RawProjection(dataSource);
        try
        {
            while (true)
            {
                await listener.WaitAsync(cancellationToken);
                while (await projection.ReadPageAsync(after, 1_000, cancellationToken) is { Count: > 0 } page)
                {
                    after = page[^1].GlobalPosition;
                    await projection.ApplyAsync(page, after, static _ => [], cancellationToken);
                    applied(page);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
    }
}
