using System.Globalization;
using Npgsql;
using Orchestrator.Events;

namespace Orchestrator.ChaosTests.Appending;

/// <summary>
/// A client that appends to aggregates of its own, in every way that there is, and remembers what it was told. Whoever appends to the aggregates of others could deadlock with them while a transaction is open.
/// </summary>
internal sealed class AppendClient(int number, LogAccess log, AppendMemory memory, Random random)
{
    private const int Aggregates = 12;
    private const int MostAttempts = 20;

    private static readonly TimeSpan PauseBehindFailure = TimeSpan.FromMilliseconds(50);

    private long _sequence;

    /// <summary>Appends once, in a way that chance chooses.</summary>
    public Task AppendAsync() => random.Next(10) switch
    {
        < 5 => AppendToOneAsync(),
        < 7 => AppendBulkAsync(),
        < 8 => AppendInTransactionAsync(TimeSpan.FromMilliseconds(random.Next(20, 400)), commit: true),
        < 9 => AppendInTransactionAsync(TimeSpan.FromMilliseconds(random.Next(5, 100)), commit: false),
        _ => AppendBehindSavepointAsync(),
    };

    /// <summary>Appends in a transaction that stays open for a while, with appends in between, and commits it or rolls it back.</summary>
    public Task AppendInTransactionAsync(TimeSpan openFor, bool commit) => InTransactionAsync(
        async transaction =>
        {
            var draft = Draft(Some(6));
            await SendAsync(draft, transaction);
            await Task.Delay(openFor, TimeProvider.System, CancellationToken.None);
            return [draft];
        },
        commit);

    /// <summary>Appends one event of this type, until it is in the log.</summary>
    /// <returns>The event's id; null: it was not to be had.</returns>
    public async Task<Guid?> AppendOneAsync(string eventType)
    {
        var draft = Draft([new EventData(eventType, "{}"u8.ToArray())]);
        return await AppendUntilKnownAsync([draft], () => SendAsync(draft, transaction: null)) == AppendOutcome.Acknowledged ? draft.Events[0].EventId : null;
    }

    private async Task AppendToOneAsync()
    {
        var draft = Draft(Some(4));
        await AppendUntilKnownAsync([draft], () => SendAsync(draft, transaction: null));
    }

    private async Task AppendBulkAsync()
    {
        Draft[] drafts = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => Draft(Some(4)))];
        await AppendUntilKnownAsync(drafts, () => log.Store.AppendBulkAsync([.. drafts.Select(draft => new AggregateAppend("Thing", draft.AggregateId, ExpectedVersion.Any, draft.Events))]));
    }

    private Task AppendBehindSavepointAsync() => InTransactionAsync(
        async transaction =>
        {
            Draft before = Draft(Some(2)), undone = Draft(Some(3)), behind = Draft(Some(1));
            await SendAsync(before, transaction);
            await transaction.SaveAsync("undone");
            memory.Add(undone.Remember(), AppendOutcome.Refused);
            await SendAsync(undone, transaction);
            await transaction.RollbackAsync("undone");
            await SendAsync(behind, transaction);
            return [before, behind];
        },
        commit: true);

    private async Task InTransactionAsync(Func<NpgsqlTransaction, Task<Draft[]>> append, bool commit)
    {
        await using NpgsqlConnection connection = await log.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();

        // What fails before the commit is not in the log, and not in memory either: the checker then takes it for something that nobody appended.
        Draft[] drafts = await append(transaction);
        IEnumerable<RememberedEvent> events = drafts.SelectMany(draft => draft.Remember());
        if (!commit)
        {
            memory.Add(events, AppendOutcome.Refused);
            await transaction.RollbackAsync();
            return;
        }

        try
        {
            await transaction.CommitAsync();
            memory.Add(events, AppendOutcome.Acknowledged);
        }
        catch (NpgsqlException)
        {
            memory.Add(events, AppendOutcome.Unknown);
            throw;
        }
    }

    // As the documentation of the event store says: where the outcome is unknown, append the same events again, until it is known.
    private async Task<AppendOutcome> AppendUntilKnownAsync(Draft[] drafts, Func<Task> append)
    {
        AppendOutcome outcome = AppendOutcome.Refused;
        for (int attempt = 1; attempt == 1 || (outcome == AppendOutcome.Unknown && attempt <= MostAttempts); attempt++)
        {
            outcome = await TryAsync(append, before: outcome);
        }

        memory.Add(drafts.SelectMany(draft => draft.Remember()), outcome);
        return outcome;
    }

    private static async Task<AppendOutcome> TryAsync(Func<Task> append, AppendOutcome before)
    {
        try
        {
            await append();
            return AppendOutcome.Acknowledged;
        }
        catch (DuplicateEventException) when (before == AppendOutcome.Unknown)
        {
            return AppendOutcome.Acknowledged;
        }
        catch (AppendOutcomeUnknownException)
        {
            await Task.Delay(PauseBehindFailure, TimeProvider.System, CancellationToken.None);
            return AppendOutcome.Unknown;
        }
        catch (NpgsqlException)
        {
            // The store says that nothing was written, this time.
            await Task.Delay(PauseBehindFailure, TimeProvider.System, CancellationToken.None);
            return before;
        }
    }

    private Task<AppendResult> SendAsync(Draft draft, NpgsqlTransaction? transaction) => log.Store.AppendAsync("Thing", draft.AggregateId, ExpectedVersion.Any, draft.Events, transaction);

    private Draft Draft(EventData[] events)
    {
        _sequence += events.Length;
        return new Draft(string.Create(CultureInfo.InvariantCulture, $"thing-{number}-{random.Next(Aggregates)}"), _sequence - events.Length, events);
    }

    private EventData[] Some(int most) =>
        [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => new EventData(random.Next(8) == 0 ? EventTypes.Rare : EventTypes.Common, "{}"u8.ToArray()))];
}

/// <summary>Events for one aggregate, before they are appended.</summary>
internal sealed record Draft(string AggregateId, long Sequence, EventData[] Events)
{
    public IEnumerable<RememberedEvent> Remember() => Events.Select((e, i) => new RememberedEvent(e.EventId, AggregateId, e.EventType, Sequence + i, AppendOutcome.Unknown));
}
