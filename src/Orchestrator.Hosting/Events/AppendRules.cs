using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Events;

namespace Orchestrator.Hosting.Events;

/// <summary>What every event store refuses before it writes anything.</summary>
internal static class AppendRules
{
    /// <summary>The longest aggregate type and event type, in UTF-16 characters.</summary>
    public const int MaxTypeLength = 200;

    /// <summary>The longest aggregate id, in UTF-16 characters. With the type it must fit into an index entry of 2,704 bytes, which three bytes a character do.</summary>
    public const int MaxIdLength = 500;

    /// <summary>The largest payload, and the largest metadata, of one event, in bytes.</summary>
    public const int MaxPayloadBytes = 100 * 1024 * 1024;

    /// <summary>The most payload of one append, in bytes: well below the gigabyte at which PostgreSQL refuses a message.</summary>
    public const int MaxAppendBytes = 400 * 1024 * 1024;

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks one append.</summary>
    /// <exception cref="ArgumentException">Something is malformed; the message names it.</exception>
    /// <exception cref="DuplicateEventException">Two events have the same id.</exception>
    public static void Check(string aggregateType, string aggregateId, ExpectedVersion expectedVersion, IReadOnlyList<EventData> events)
    {
        HashSet<Guid>? ids = events is { Count: > 1 } ? new HashSet<Guid>(events.Count) : null;
        long bytes = 0;
        CheckStream(aggregateType, aggregateId);
        CheckEvents(expectedVersion, events, new Place("events"), ids, ref bytes);
    }

    /// <summary>Checks a bulk append.</summary>
    /// <exception cref="ArgumentException">Something is malformed; the message names it.</exception>
    /// <exception cref="DuplicateEventException">Two events have the same id.</exception>
    public static void Check(IReadOnlyList<AggregateAppend> appends)
    {
        ArgumentNullException.ThrowIfNull(appends);
        var ids = new HashSet<Guid>();
        long bytes = 0;
        for (int i = 0; i < appends.Count; i++)
        {
            AggregateAppend append = appends[i] ?? throw new ArgumentException($"appends[{i}] is null.", nameof(appends));
            CheckStream(append.AggregateType, append.AggregateId);
            CheckEvents(append.ExpectedVersion, append.Events, new Place("appends", i), ids, ref bytes);
        }
    }

    /// <summary>Checks an aggregate's type and id.</summary>
    /// <exception cref="ArgumentException">One of them is malformed.</exception>
    public static void CheckStream(string aggregateType, string aggregateId)
    {
        CheckText(aggregateType, MaxTypeLength, new Place(nameof(aggregateType)));
        CheckText(aggregateId, MaxIdLength, new Place(nameof(aggregateId)));
    }

    private static void CheckEvents(ExpectedVersion expectedVersion, IReadOnlyList<EventData> events, Place place, HashSet<Guid>? ids, ref long bytes)
    {
        if (events is null)
        {
            throw new ArgumentNullException(place.ToString());
        }

        if (events.Count == 0)
        {
            throw new ArgumentException($"{place} is empty: an append needs at least one event.", nameof(events));
        }

        if ((expectedVersion.Version ?? 0) > long.MaxValue - events.Count)
        {
            throw new ArgumentException($"{place} would take the aggregate beyond the greatest version, {long.MaxValue}.", nameof(expectedVersion));
        }

        for (int i = 0; i < events.Count; i++)
        {
            CheckEvent(events[i], place with { Event = i }, ref bytes);
            if (ids?.Add(events[i].EventId) == false)
            {
                throw new DuplicateEventException(events[i].EventId);
            }
        }
    }

    private static void CheckEvent(EventData? data, Place place, ref long bytes)
    {
        if (data is null)
        {
            throw new ArgumentException($"{place} is null.", nameof(data));
        }

        CheckText(data.EventType, MaxTypeLength, place with { Part = ".EventType" });
        if (data.EventVersion < 1)
        {
            throw new ArgumentException($"{place}.EventVersion is {data.EventVersion}; it must be 1 or greater.", nameof(data));
        }

        int metadata = data.Metadata is null ? 0 : CheckMetadata(data.Metadata, place with { Part = ".Metadata" });
        if (data.Payload.Length > MaxPayloadBytes || metadata > MaxPayloadBytes)
        {
            throw new ArgumentException($"{place} has {Math.Max(data.Payload.Length, metadata)} bytes of payload or metadata; the most is {MaxPayloadBytes}.", nameof(data));
        }

        bytes += data.Payload.Length + metadata;
        if (bytes > MaxAppendBytes)
        {
            throw new ArgumentException($"Up to {place} the append has more than {MaxAppendBytes} bytes of payload and metadata. Append in smaller parts.", nameof(data));
        }
    }

    private static void CheckText(string? text, int maxLength, Place place)
    {
        if (string.IsNullOrEmpty(text))
        {
            ArgumentException.ThrowIfNullOrEmpty(text, place.ToString());
        }

        if (text.Length > maxLength)
        {
            throw new ArgumentException($"{place} has {text.Length} characters; the most is {maxLength}.", place.ToString());
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{place} contains the character NUL, which PostgreSQL cannot store in a text.", place.ToString());
        }

        CountBytes(text, place);
    }

    private static int CheckMetadata(string metadata, Place place)
    {
        int bytes = CountBytes(metadata, place);
        return FaultOf(metadata) is { } fault ? throw new ArgumentException($"{place} {fault}", place.ToString()) : bytes;
    }

    private static string? FaultOf(string metadata)
    {
        try
        {
            var reader = new Utf8JsonReader(_strictUtf8.GetBytes(metadata));
            while (reader.Read())
            {
                // Escapes are legal JSON where jsonb has no room for what they mean: NUL and halves of surrogate pairs
                // (https://www.postgresql.org/docs/current/datatype-json.html). GetString throws for the halves.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                    && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                {
                    return "contains the character NUL, which PostgreSQL cannot store in a text.";
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            // Its message can quote the metadata, which must not get into a log: only the place is passed on.
            return $"is not valid JSON: see line {e.LineNumber}, byte {e.BytePositionInLine} (counted from 0).";
        }
        catch (InvalidOperationException)
        {
            return "is not valid JSON: an escape in it is half a character.";
        }
    }

    private static int CountBytes(string text, Place place)
    {
        try
        {
            return _strictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{place} contains half of a surrogate pair: it is not Unicode text.", place.ToString(), e);
        }
    }

    // Put into words only where something is refused.
    private readonly record struct Place(string List, int Item = -1, int Event = -1, string Part = "")
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{List}{(Item < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{Item}].Events"))}{(Event < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{Event}]"))}{Part}");
    }
}
