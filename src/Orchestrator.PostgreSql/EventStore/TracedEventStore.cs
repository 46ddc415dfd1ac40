using System.Data.Common;
using System.Diagnostics;
using Orchestrator.Events;
using Orchestrator.Hosting.Diagnostics;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Gives appends an activity, and events that name no trace the one that they were appended in. While nobody listens it only passes calls on.</summary>
/// <param name="store">The store.</param>
internal sealed class TracedEventStore(PostgreSqlEventStore store) : IEventStore
{
    public Task<AppendResult> AppendAsync(
        string aggregateType,
        string aggregateId,
        ExpectedVersion expectedVersion,
        IReadOnlyList<EventData> events,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default) => Tracing.IsOn && events is not null
        ? TracedAsync(aggregateType, aggregateId, expectedVersion, events, transaction, cancellationToken)
        : store.AppendAsync(aggregateType, aggregateId, expectedVersion, events!, transaction, cancellationToken);

    public Task<IReadOnlyList<AppendResult>> AppendBulkAsync(IReadOnlyList<AggregateAppend> appends, DbTransaction? transaction = null, CancellationToken cancellationToken = default) =>
        Tracing.IsOn && appends is not null && appends.All(append => append?.Events is not null)
            ? TracedAsync(appends, transaction, cancellationToken)
            : store.AppendBulkAsync(appends!, transaction, cancellationToken);

    public Task<AggregateStream> ReadAggregateStreamAsync(
        string aggregateType,
        string aggregateId,
        long fromVersion = 1,
        long? toVersion = null,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default) => store.ReadAggregateStreamAsync(aggregateType, aggregateId, fromVersion, toVersion, transaction, cancellationToken);

    public Task<IReadOnlyList<PersistedEvent>> ReadAllAsync(long afterPosition, int maxCount, DbTransaction? transaction = null, CancellationToken cancellationToken = default) =>
        store.ReadAllAsync(afterPosition, maxCount, transaction, cancellationToken);

    // Methods of their own, so that what they capture costs nothing while nobody listens.
    private Task<AppendResult> TracedAsync(
        string aggregateType, string aggregateId, ExpectedVersion expectedVersion, IReadOnlyList<EventData> events, DbTransaction? transaction, CancellationToken cancellationToken) => TraceAsync(
        () => Tracing.Append(aggregateType, events.Count),
        activity => store.AppendAsync(aggregateType, aggregateId, expectedVersion, Stamp(events, activity), transaction, cancellationToken),
        static result => result.LastPosition);

    private Task<IReadOnlyList<AppendResult>> TracedAsync(IReadOnlyList<AggregateAppend> appends, DbTransaction? transaction, CancellationToken cancellationToken) => TraceAsync(
        () => Tracing.Append(aggregateType: null, appends.Sum(append => append.Events.Count)),
        activity => store.AppendBulkAsync([.. appends.Select(append => append with { Events = Stamp(append.Events, activity) })], transaction, cancellationToken),
        static results => results.Count == 0 ? 0 : results.Max(result => result.LastPosition));

    private static async Task<T> TraceAsync<T>(Func<Activity?> start, Func<Activity?, Task<T>> append, Func<T, long> position)
    {
        using Activity? activity = start();
        try
        {
            T result = await append(activity).ConfigureAwait(false);
            activity?.SetTag("orchestrator.position", position(result));
            return result;
        }
        catch (Exception exception)
        {
            activity.Failed(exception);
            throw;
        }
    }

    // Not sampled: then nobody could follow the id.
    private static IReadOnlyList<EventData> Stamp(IReadOnlyList<EventData> events, Activity? activity) => activity is not { Recorded: true, IdFormat: ActivityIdFormat.W3C } || events.All(e => e?.TraceId is not null)
        ? events
        : [.. events.Select(e => e is { TraceId: null } ? e with { TraceId = EventTrace.IdOf(activity) } : e)];
}
