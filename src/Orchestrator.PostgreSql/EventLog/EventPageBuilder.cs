using Npgsql;
using Orchestrator.Events;
using Orchestrator.Hosting.Processing;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Collects the rows of one page, and knows when it is full.</summary>
/// <param name="request">What is wanted.</param>
/// <param name="measured">Whether the server has measured the events, and cut the page by that.</param>
/// <param name="names">Where names are kept.</param>
internal sealed class EventPageBuilder(EventPageRequest request, bool measured, StringCache names)
{
    private readonly List<PersistedEvent> _events = new(Math.Min(request.MaxCount, 1024));
    private readonly List<int> _slots = new(Math.Min(request.MaxCount, 1024));

    public IReadOnlyList<PersistedEvent> Events => _events;

    public IReadOnlyList<int> Slots => _slots;

    /// <summary>The size of payloads and metadata. Where the server has measured it, its figure: what the server cuts by, the page must be cut by too, or it would claim events that it has not got.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where the page ends.</summary>
    public long To { get; private set; } = request.From;

    /// <summary>Whether the page may end before the horizon.</summary>
    public bool IsCut => _events.Count >= request.MaxCount || (_events.Count > 0 && Bytes >= request.MaxBytes);

    /// <summary>Adds the row that the reader stands on.</summary>
    public void Add(NpgsqlDataReader row)
    {
        PersistedEvent e = Read(row);
        _events.Add(e);
        _slots.Add(row.GetInt32(13));
        Bytes += measured ? row.GetInt32(14) : e.Payload.Length + (e.Metadata?.Length ?? 0);
        To = e.GlobalPosition;
    }

    /// <summary>The page holds everything there is: it ends at the last event of any slot and type.</summary>
    public void End(long lastPosition) => To = Math.Max(To, lastPosition);

    // Ordinals as in read_page.sql and read_page_measured.sql.
    private PersistedEvent Read(NpgsqlDataReader row) => new()
    {
        GlobalPosition = row.GetInt64(0),
        AggregateType = names.Intern(row.GetString(1)),
        AggregateId = row.GetString(2),
        AggregateVersion = row.GetInt64(3),
        EventId = row.GetGuid(4),
        EventType = names.Intern(row.GetString(5)),
        EventVersion = row.GetInt32(6),
        Payload = row.GetFieldValue<byte[]>(7),
        TraceId = row.IsDBNull(8) ? null : row.GetGuid(8),
        CorrelationId = row.IsDBNull(9) ? null : row.GetGuid(9),
        CausationId = row.IsDBNull(10) ? null : row.GetGuid(10),
        Metadata = row.IsDBNull(11) ? null : row.GetString(11),
        CreatedAt = new DateTimeOffset(row.GetDateTime(12)),
    };
}
