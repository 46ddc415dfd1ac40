using System.Text.Json;
using Orchestrator.Events;

namespace Examples.Shared;

/// <summary>The events of the examples: money that goes to accounts.</summary>
internal static class Deposits
{
    public const string AggregateType = "Account";

    /// <summary>Appends deposits of 1, 2, 3... to accounts in turn, so that the accounts' events lie mixed in the log; returns how many events that are.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="accounts">How many accounts.</param>
    /// <param name="depositsEach">How many deposits each gets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="after">How many deposits each has already.</param>
    public static async Task<int> AppendAsync(IEventStore store, int accounts, int depositsEach, CancellationToken cancellationToken, int after = 0)
    {
        for (int deposit = after + 1; deposit <= after + depositsEach; deposit++)
        {
            ExpectedVersion before = deposit == 1 ? ExpectedVersion.NoStream : ExpectedVersion.Exact(deposit - 1);
            EventData Deposited() => new("Deposited", JsonSerializer.SerializeToUtf8Bytes(deposit));
            await store.AppendBulkAsync(
                [.. Enumerable.Range(1, accounts).Select(account => new AggregateAppend(AggregateType, $"account-{account:00}", before, [Deposited()]))],
                cancellationToken: cancellationToken);
        }

        return accounts * depositsEach;
    }

    public static long AmountOf(PersistedEvent e) => JsonSerializer.Deserialize<long>(e.Payload.Span);
}
