using System.Data.Common;
using Orchestrator.Events;
using Orchestrator.Hosting.Events;

namespace Orchestrator.Hosting.InMemory;

/// <summary>The event store of the in-memory provider.</summary>
internal sealed class InMemoryEventStore(InMemoryDatabase database, TimeProvider time) : IEventStore
{
    public Task<AppendResult> AppendAsync(
        string aggregateType,
        string aggregateId,
        ExpectedVersion expectedVersion,
        IReadOnlyList<EventData> events,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        AppendRules.Check(aggregateType, aggregateId, expectedVersion, events);
        Refuse(transaction);
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            return Task.FromResult(AppendAll([new AggregateAppend(aggregateType, aggregateId, expectedVersion, events)])[0]);
        }
    }

    public Task<IReadOnlyList<AppendResult>> AppendBulkAsync(
        IReadOnlyList<AggregateAppend> appends,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        AppendRules.Check(appends);
        Refuse(transaction);
        cancellationToken.ThrowIfCancellationRequested();
        lock (database.Gate)
        {
            return Task.FromResult<IReadOnlyList<AppendResult>>(AppendAll(appends));
        }
    }

    public Task<AggregateStream> ReadAggregateStreamAsync(
        string aggregateType,
        string aggregateId,
        long fromVersion = 1,
        long? toVersion = null,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        AppendRules.CheckStream(aggregateType, aggregateId);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        Refuse(transaction);
        lock (database.Gate)
        {
            List<PersistedEvent> stream = database.Streams.GetValueOrDefault((aggregateType, aggregateId)) ?? [];
            PersistedEvent[] range = [.. stream.Where(e => e.AggregateVersion >= fromVersion && e.AggregateVersion <= (toVersion ?? long.MaxValue))];
            return Task.FromResult(new AggregateStream(aggregateType, aggregateId, stream.Count, range));
        }
    }

    public Task<IReadOnlyList<PersistedEvent>> ReadAllAsync(
        long afterPosition,
        int maxCount,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterPosition);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        Refuse(transaction);
        lock (database.Gate)
        {
            return Task.FromResult<IReadOnlyList<PersistedEvent>>([.. database.Events.Skip((int)Math.Min(afterPosition, database.Events.Count)).Take(maxCount)]);
        }
    }

    private static void Refuse(DbTransaction? transaction)
    {
        if (transaction is not null)
        {
            throw new NotSupportedException("The in-memory event store has no transactions. Pass none, or run on PostgreSQL: AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)).");
        }
    }

    // Every check comes before the first write, so that all is written or nothing.
    private AppendResult[] AppendAll(IReadOnlyList<AggregateAppend> appends)
    {
        // Ids first: whoever repeats an append that had succeeded is told so, whatever version was expected.
        CheckIds(appends);
        CheckVersions(appends);
        AppendResult[] results = [.. appends.Select(Append)];
        database.Head.Publish(database.Events.Count);
        return results;
    }

    private void CheckVersions(IReadOnlyList<AggregateAppend> appends)
    {
        var versions = new Dictionary<(string, string), long>();
        foreach (AggregateAppend append in appends)
        {
            (string, string) key = (append.AggregateType, append.AggregateId);
            long version = versions.TryGetValue(key, out long pending) ? pending : database.Streams.GetValueOrDefault(key)?.Count ?? 0;
            if (!append.ExpectedVersion.IsMetBy(version))
            {
                throw new ConcurrencyException(append.AggregateType, append.AggregateId, append.ExpectedVersion, version);
            }

            versions[key] = version + append.Events.Count;
        }
    }

    private void CheckIds(IReadOnlyList<AggregateAppend> appends)
    {
        foreach (EventData data in appends.SelectMany(append => append.Events).Where(data => database.EventIds.Contains(data.EventId)))
        {
            throw new DuplicateEventException(data.EventId);
        }
    }

    private AppendResult Append(AggregateAppend append)
    {
        (string, string) key = (append.AggregateType, append.AggregateId);
        if (!database.Streams.TryGetValue(key, out List<PersistedEvent>? stream))
        {
            database.Streams.Add(key, stream = []);
        }

        long firstVersion = stream.Count + 1;
        int slot = InMemoryDatabase.SlotOf(append.AggregateId);
        var positions = new List<long>(append.Events.Count);
        foreach (EventData data in append.Events)
        {
            PersistedEvent e = ToPersisted(append, data, database.Events.Count + 1, stream.Count + 1);
            stream.Add(e);
            database.Events.Add(e);
            database.EventSlots.Add(slot);
            database.EventIds.Add(data.EventId);
            positions.Add(e.GlobalPosition);
        }

        return new AppendResult(firstVersion, positions);
    }

    private PersistedEvent ToPersisted(AggregateAppend append, EventData data, long position, long version) => new()
    {
        GlobalPosition = position,
        AggregateType = append.AggregateType,
        AggregateId = append.AggregateId,
        AggregateVersion = version,
        EventId = data.EventId,
        EventType = data.EventType,
        EventVersion = data.EventVersion,
        Payload = data.Payload.ToArray(),
        TraceId = data.TraceId,
        CorrelationId = data.CorrelationId,
        CausationId = data.CausationId,
        Metadata = data.Metadata,
        CreatedAt = data.CreatedAt ?? time.GetUtcNow(),
    };
}
