using System.Text.RegularExpressions;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Finds out why an append was refused. Asks the server only then: an append that succeeds costs one round trip.</summary>
internal sealed partial class AppendDiagnosis(EventStoreCommands commands, SqlCatalog sql)
{
    /// <summary>Whether an error says that the events do not fit what is in the log, so that <see cref="FindAsync"/> can tell in what.</summary>
    public static bool IsConflict(PostgresException e) => e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DivisionByZero;

    /// <summary>Whether another error is the events' fault and not the database's.</summary>
    public static bool IsEventsFault(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.ProgramLimitExceeded || e.SqlState.StartsWith("22", StringComparison.Ordinal);

    /// <summary>Such an error in our words.</summary>
    public static EventStoreException Translate(PostgresException e) => e.SqlState == PostgresErrorCodes.NumericValueOutOfRange
        ? new($"The aggregate would pass the greatest version, {long.MaxValue}, or a number in the metadata is beyond what jsonb holds. Nothing was written.", e)
        : new($"PostgreSQL refused the events: {e.MessageText}. Nothing was written.", e);

    /// <summary>The reason, or null when there is none any more: then the append is worth repeating.</summary>
    public async Task<EventStoreException?> FindAsync(BulkPlan plan, PostgresException? cause, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        (Guid? known, List<StreamVersion> versions) = await ReadAsync(plan, connection, cancellationToken).ConfigureAwait(false);
        return Judge(plan, cause, known, versions);
    }

    /// <summary>The same from what the refused statement itself has told.</summary>
    public EventStoreException? Find(BulkPlan plan, AppendRefusal refusal) => Judge(plan, cause: null, refusal.KnownEvent, [refusal.Stands]);

    private EventStoreException? Judge(BulkPlan plan, PostgresException? cause, Guid? known, List<StreamVersion> versions)
    {
        if (cause is { SqlState: PostgresErrorCodes.UniqueViolation } && cause.ConstraintName == sql.NameOf("events_pkey"))
        {
            return new EventStoreException(
                "The next position is taken: somebody has inserted an event with a position made by hand, ahead of the sequence. Nothing was written. Each attempt draws another position, so repeat the append; then set the sequence behind the greatest position.",
                cause);
        }

        if (IsDuplicate(cause))
        {
            return new DuplicateEventException(IdIn(cause!) ?? known ?? OnlyId(plan), cause);
        }

        // Before the version: whoever repeats an append that had succeeded is told so.
        if (known is not null)
        {
            return new DuplicateEventException(known, cause);
        }

        return plan.FindConflict(versions, cause) ?? (cause?.SqlState == PostgresErrorCodes.UniqueViolation ? HeadBehind(plan, versions, cause) : null);
    }

    /// <summary>What to throw when the log moved again and again between an append and the look at why it was refused.</summary>
    public static ConcurrencyException GiveUp(BulkPlan plan, PostgresException? cause)
    {
        AggregateAppend append = plan.Items.First(item => !item.Append.ExpectedVersion.IsAny).Append;
        return new ConcurrencyException(append.AggregateType, append.AggregateId, append.ExpectedVersion, append.ExpectedVersion.Version!.Value, cause);
    }

    private async Task<(Guid? Known, List<StreamVersion> Versions)> ReadAsync(BulkPlan plan, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { commands.FindKnownEvent(plan.Items.SelectMany(item => item.Append.Events)), commands.ReadVersions(plan.Streams) },
        };
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                Guid? known = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetGuid(0) : null;
                var versions = new List<StreamVersion>(plan.Streams.Count);
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    versions.Add(new StreamVersion(reader.GetInt64(0), reader.GetInt64(1)));
                }

                return (known, versions);
            }
        }
    }

    // Something else than the event store inserted events, and the head does not know: the constraint on the events is the last word.
    private static ConcurrencyException HeadBehind(BulkPlan plan, List<StreamVersion> versions, PostgresException cause)
    {
        BulkItem item = plan.Items.FirstOrDefault(item => versions[item.Stream].Head != versions[item.Stream].LastEvent) ?? plan.Items[0];
        return new ConcurrencyException(
            item.Append.AggregateType, item.Append.AggregateId, item.Append.ExpectedVersion, versions[item.Stream].Actual + item.Offset, cause);
    }

    private bool IsDuplicate(PostgresException? e) =>
        e?.SqlState == PostgresErrorCodes.UniqueViolation && (e.ConstraintName == sql.NameOf("events_event_id_key") || IdIn(e) is not null);

    private static Guid? IdIn(PostgresException e) => KeyDetail().Match(e.Detail ?? "") is { Success: true } match ? Guid.Parse(match.Groups["id"].Value) : null;

    private static Guid? OnlyId(BulkPlan plan) => plan.EventCount == 1 ? plan.Items[0].Append.Events[0].EventId : null;

    // The words around it are in the server's language; the column and the value are not.
    [GeneratedRegex(@"\(event_id\)=\((?<id>[0-9a-f-]{36})\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex KeyDetail();
}
