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
        var plan = BulkPlan.Create([new AggregateAppend(aggregateType, aggregateId, expectedVersion, events)]);
        IReadOnlyList<AppendedEvent> appended = await AppendAsync(
            plan, () => _commands.Append(aggregateType, aggregateId, expectedVersion, events), transaction, cancellationToken).ConfigureAwait(false);
        var result = new AppendResult(appended[0].Version, [.. appended.Select(item => item.Position)]);
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
        IReadOnlyList<AppendedEvent> appended = await AppendAsync(plan, () => _commands.AppendBulk(plan), transaction, cancellationToken).ConfigureAwait(false);
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

    private async Task<IReadOnlyList<AppendedEvent>> AppendAsync(
        BulkPlan plan, Func<NpgsqlBatchCommand> create, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<AppendedEvent> appended = await _executor.OnConnectionAsync(
                transaction,
                connection => AppendOnAsync(plan, create, connection, isOwn: transaction is null, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            if (transaction is null)
            {
                _notifier.Appended();
            }

            return appended;
        }
        catch (EventStoreException e)
        {
            _logger.AppendRefused(plan.EventCount, plan.Streams.Count, e.GetType().Name, e.Message);
            throw;
        }
    }

    private async Task<IReadOnlyList<AppendedEvent>> AppendOnAsync(
        BulkPlan plan, Func<NpgsqlBatchCommand> create, NpgsqlConnection connection, bool isOwn, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            PostgresException? cause = null;
            try
            {
                IReadOnlyList<AppendedEvent> appended = plan.IsContradictory
                    ? []
                    : await _executor.RunAsync(create, plan.EventCount, connection, isOwn, cancellationToken).ConfigureAwait(false);
                if (appended.Count == plan.EventCount)
                {
                    return appended;
                }
            }
            catch (PostgresException e) when (AppendDiagnosis.IsConflict(e))
            {
                cause = e;
            }
            catch (PostgresException e) when (AppendDiagnosis.IsEventsFault(e))
            {
                throw AppendDiagnosis.Translate(e);
            }

            if (await _diagnosis.FindAsync(plan, cause, connection, cancellationToken).ConfigureAwait(false) is { } reason)
            {
                throw reason;
            }

            if (attempt == MaxAttempts)
            {
                throw AppendDiagnosis.GiveUp(plan, cause);
            }
        }
    }

    private Task<T> ReadAsync<T>(Func<NpgsqlBatchCommand> create, DbTransaction? transaction, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        _executor.OnConnectionAsync(
            transaction, connection => _executor.ReadAsync(create, connection, isOwn: transaction is null, read, cancellationToken), cancellationToken);

    private static List<AppendResult> Slice(BulkPlan plan, IReadOnlyList<AppendedEvent> appended)
    {
        var results = new List<AppendResult>(plan.Items.Count);
        int next = 0;
        foreach (BulkItem item in plan.Items)
        {
            var positions = new long[item.Append.Events.Count];
            long firstVersion = appended[next].Version;
            for (int i = 0; i < positions.Length; i++)
            {
                positions[i] = appended[next++].Position;
            }

            results.Add(new AppendResult(firstVersion, positions));
        }

        return results;
    }
}
