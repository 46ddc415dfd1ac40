using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Events;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Diagnostics;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>The event store on PostgreSQL.</summary>
internal sealed class PostgreSqlEventStore : IEventStore
{
    // An append is repeated only when the aggregate came to the expected version between its refusal and the look at why.
    private const int MaxAttempts = 5;

    private readonly EventStoreCommands _commands;
    private readonly AppendExecutor _executor;
    private readonly AppendDiagnosis _diagnosis;
    private readonly IAppendNotifier _notifier;
    private readonly ILogger<PostgreSqlEventStore> _logger;
    private readonly AggregateIdType _idType;

    public PostgreSqlEventStore(
        PostgreSqlConnections connections, SqlCatalog sql, IAppendNotifier notifier, ILogger<PostgreSqlEventStore> logger)
    {
        _commands = new EventStoreCommands(sql);
        _executor = new AppendExecutor(connections);
        _diagnosis = new AppendDiagnosis(_commands, sql);
        _notifier = notifier;
        _logger = logger;
        _idType = sql.AggregateIdType;
    }

    public async Task<AppendResult> AppendAsync(
        string aggregateType,
        string aggregateId,
        ExpectedVersion expectedVersion,
        IReadOnlyList<EventData> events,
        DbTransaction? transaction = null,
        CancellationToken cancellationToken = default)
    {
        AppendRules.Check(aggregateType, aggregateId, expectedVersion, events);
        AggregateIds.Check(_idType, aggregateId);
        var request = AppendRequest.ToOne(new AggregateAppend(aggregateType, aggregateId, expectedVersion, events), _commands);
        List<AppendedEvent> appended = await AppendAsync(request, transaction, cancellationToken).ConfigureAwait(false);
        AppendResult result = Result(appended, first: 0, events.Count);
        _logger.Appended(events.Count, aggregateType, aggregateId, result.FirstVersion, result.LastVersion, result.Positions[0], result.LastPosition);
        return result;
    }

    public async Task<IReadOnlyList<AppendResult>> AppendBulkAsync(
        IReadOnlyList<AggregateAppend> appends, DbTransaction? transaction = null, CancellationToken cancellationToken = default)
    {
        AppendRules.Check(appends);
        if (appends.Count == 0)
        {
            return [];
        }

        foreach (AggregateAppend append in appends)
        {
            AggregateIds.Check(_idType, append.AggregateId);
        }

        var plan = BulkPlan.Create(appends);
        List<AppendedEvent> appended = await AppendAsync(AppendRequest.ToMany(plan, _commands), transaction, cancellationToken).ConfigureAwait(false);
        _logger.AppendedBulk(plan.EventCount, plan.Streams.Count, appended[0].Position, appended[^1].Position);
        return Slice(plan, appended);
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
        AggregateIds.Check(_idType, aggregateId);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        return ReadAsync(() => _commands.ReadStream(aggregateType, aggregateId, fromVersion, toVersion), transaction, ReadStreamAsync, cancellationToken);

        async Task<AggregateStream> ReadStreamAsync(NpgsqlDataReader reader)
        {
            long version = 0;
            var events = new List<PersistedEvent>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                version = reader.GetInt64(0);
                if (!await reader.IsDBNullAsync(1, cancellationToken).ConfigureAwait(false))
                {
                    events.Add(EventRow.Read(reader, first: 1));
                }
            }

            _logger.ReadStream(events.Count, aggregateType, aggregateId, fromVersion, toVersion, version);
            return new AggregateStream(aggregateType, aggregateId, version, events);
        }
    }

    public Task<IReadOnlyList<PersistedEvent>> ReadAllAsync(
        long afterPosition, int maxCount, DbTransaction? transaction = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterPosition);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        return ReadAsync(() => _commands.ReadAll(afterPosition, maxCount), transaction, ReadEventsAsync, cancellationToken);

        async Task<IReadOnlyList<PersistedEvent>> ReadEventsAsync(NpgsqlDataReader reader)
        {
            var events = new List<PersistedEvent>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                events.Add(EventRow.Read(reader, first: 0));
            }

            _logger.ReadAll(events.Count, afterPosition, maxCount);
            return events;
        }
    }

    private async Task<List<AppendedEvent>> AppendAsync(AppendRequest request, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        try
        {
            List<AppendedEvent> appended = await _executor.OnConnectionAsync(
                transaction, connection => AppendOnAsync(request, connection, isOwn: transaction is null, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (transaction is null)
            {
                _notifier.Appended();
            }

            return appended;
        }
        catch (EventStoreException e)
        {
            _logger.AppendRefused(request.EventCount, request.Plan.Streams.Count, e.GetType().Name, e.Message);
            throw;
        }
    }

    private async Task<List<AppendedEvent>> AppendOnAsync(AppendRequest request, NpgsqlConnection connection, bool isOwn, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            PostgresException? cause = null;
            EventStoreException? reason = null;
            try
            {
                AppendAnswer answer = request.IsContradictory ? AppendAnswer.None : await _executor.RunAsync(request, connection, isOwn, cancellationToken).ConfigureAwait(false);
                if (answer.Appended.Count == request.EventCount)
                {
                    return answer.Appended;
                }

                reason = answer.Refusal is { } refusal ? _diagnosis.Find(request.Plan, refusal) : null;
            }
            catch (PostgresException e) when (AppendDiagnosis.IsConflict(e))
            {
                cause = e;
            }
            catch (PostgresException e) when (AppendDiagnosis.IsEventsFault(e))
            {
                throw AppendDiagnosis.Translate(e);
            }

            // Asked with a statement of its own where the refused one could not know.
            if ((reason ?? await _diagnosis.FindAsync(request.Plan, cause, connection, cancellationToken).ConfigureAwait(false)) is { } found)
            {
                throw found;
            }

            if (attempt == MaxAttempts)
            {
                throw AppendDiagnosis.GiveUp(request.Plan, cause);
            }
        }
    }

    private Task<T> ReadAsync<T>(Func<NpgsqlBatchCommand> create, DbTransaction? transaction, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        _executor.OnConnectionAsync(
            transaction, connection => _executor.ReadAsync(create, connection, isOwn: transaction is null, read, cancellationToken), cancellationToken);

    private static List<AppendResult> Slice(BulkPlan plan, List<AppendedEvent> appended)
    {
        var results = new List<AppendResult>(plan.Items.Count);
        int next = 0;
        foreach (BulkItem item in plan.Items)
        {
            results.Add(Result(appended, next, item.Append.Events.Count));
            next += item.Append.Events.Count;
        }

        return results;
    }

    private static AppendResult Result(List<AppendedEvent> appended, int first, int count)
    {
        var positions = new long[count];
        for (int i = 0; i < count; i++)
        {
            positions[i] = appended[first + i].Position;
        }

        return new AppendResult(appended[first].Version, positions);
    }
}
