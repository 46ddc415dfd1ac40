using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Reads pages of the log, in one round trip each.</summary>
internal sealed class EventPageReader(PostgreSqlConnections connections, SqlCatalog sql)
{
    // One query looks at this many positions, so that a filter which matches next to nothing in a long history still makes progress, page by page.
    private const long Span = 500_000;

    // What an event takes in memory beside payload and metadata: the object, its id and the array around the payload.
    private const int Overhead = 320;

    private readonly ConcurrentDictionary<PageStatement, string> _statements = new();
    private readonly StringCache _names = new();

    // Measuring costs a third of the time that a page of small events takes, so it is done where recent events were large. Nothing is known at first.
    private volatile bool _eventsAreLarge = true;

    /// <summary>Reads the page of a request.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="horizon">How far it is safe to read; beyond the request's position.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The page. It is as old as its horizon, whose query was sent first.</returns>
    public async Task<EventPage> ReadAsync(EventPageRequest request, Horizon horizon, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        for (long span = Span; ; span *= 2)
        {
            long upTo = Math.Min(horizon.Position, request.From + span);
            EventPageBuilder page = await ReadUpToAsync(connection, request, upTo, cancellationToken).ConfigureAwait(false);

            // Nothing at all behind the position, yet the horizon is further on: a gap as wide as the span, left by a rollback. Look beyond it.
            if (page.To > request.From || upTo == horizon.Position)
            {
                return new EventPage(request.From, page.To, request.Slots, page.Events, page.Slots, horizon.ReadAt, page.Bytes + ((long)Overhead * page.Events.Count));
            }
        }
    }

    private async Task<EventPageBuilder> ReadUpToAsync(NpgsqlConnection connection, EventPageRequest request, long upTo, CancellationToken cancellationToken)
    {
        bool measured = _eventsAreLarge;
        await using NpgsqlBatch batch = CreateBatch(connection, request, upTo, measured);
        await connections.Prepared.PrepareAsync(batch, cancellationToken).ConfigureAwait(false);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);

        var page = new EventPageBuilder(request, measured, _names);
        while (!page.IsCut && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            page.Add(reader);
        }

        _eventsAreLarge = page.Events.Count > 0 && page.Bytes / page.Events.Count * request.MaxCount > request.MaxBytes;
        if (!page.IsCut)
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            page.End(reader.GetInt64(0));
        }

        return page;
    }

    private NpgsqlBatch CreateBatch(NpgsqlConnection connection, EventPageRequest request, long upTo, bool measured)
    {
        var events = new NpgsqlBatchCommand(_statements.GetOrAdd(PageStatement.For(request, measured), static (key, catalog) => key.Render(catalog), sql))
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = request.From },
                new NpgsqlParameter<long> { TypedValue = upTo },
                new NpgsqlParameter<int> { TypedValue = request.MaxCount },
                new NpgsqlParameter<long> { TypedValue = request.MaxBytes },
                new NpgsqlParameter<int> { TypedValue = request.Slots.Hull.From },
                new NpgsqlParameter<int> { TypedValue = request.Slots.Hull.To },
                Names(request.Filter.AggregateTypes),
                Names(request.Filter.EventTypes),
            },
        };
        if (request.Slots.Ranges.Count > 1)
        {
            NpgsqlRange<int>[] pieces = [.. request.Slots.Ranges.Select(range => new NpgsqlRange<int>(range.From, lowerBoundIsInclusive: true, range.To, upperBoundIsInclusive: false))];
            events.Parameters.Add(new NpgsqlParameter<NpgsqlRange<int>[]> { NpgsqlDbType = NpgsqlDbType.IntegerMultirange, TypedValue = pieces });
        }

        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(sql["read_page_settings"]),
                events,
                new NpgsqlBatchCommand(sql["last_position"]) { Parameters = { new NpgsqlParameter<long> { TypedValue = upTo } } },
            },
        };
    }

    private static NpgsqlParameter<string[]> Names(IReadOnlySet<string> names) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = [.. names] };
}
