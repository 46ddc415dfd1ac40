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
        var ids = new HashSet<Guid>();
        long bytes = 0;
        CheckStream(aggregateType, aggregateId);
        CheckEvents(expectedVersion, events, "events", ids, ref bytes);
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
            CheckEvents(append.ExpectedVersion, append.Events, $"appends[{i}].Events", ids, ref bytes);
        }
    }

    /// <summary>Checks an aggregate's type and id.</summary>
    /// <exception cref="ArgumentException">One of them is malformed.</exception>
    public static void CheckStream(string aggregateType, string aggregateId)
    {
        CheckText(aggregateType, MaxTypeLength, nameof(aggregateType));
        CheckText(aggregateId, MaxIdLength, nameof(aggregateId));
    }

    private static void CheckEvents(ExpectedVersion expectedVersion, IReadOnlyList<EventData> events, string name, HashSet<Guid> ids, ref long bytes)
    {
        ArgumentNullException.ThrowIfNull(events, name);
        if (events.Count == 0)
        {
            throw new ArgumentException($"{name} is empty: an append needs at least one event.", nameof(events));
        }

        if ((expectedVersion.Version ?? 0) > long.MaxValue - events.Count)
        {
            throw new ArgumentException($"{name} would take the aggregate beyond the greatest version, {long.MaxValue}.", nameof(expectedVersion));
        }

        for (int i = 0; i < events.Count; i++)
        {
            CheckEvent(events[i], string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]"), ref bytes);
            if (!ids.Add(events[i].EventId))
            {
                throw new DuplicateEventException(events[i].EventId);
            }
        }
    }

    private static void CheckEvent(EventData? data, string name, ref long bytes)
    {
        if (data is null)
        {
            throw new ArgumentException($"{name} is null.", nameof(data));
        }

        CheckText(data.EventType, MaxTypeLength, $"{name}.EventType");
        if (data.EventVersion < 1)
        {
            throw new ArgumentException($"{name}.EventVersion is {data.EventVersion}; it must be 1 or greater.", nameof(data));
        }

        int metadata = data.Metadata is null ? 0 : CheckMetadata(data.Metadata, name);
        if (data.Payload.Length > MaxPayloadBytes || metadata > MaxPayloadBytes)
        {
            throw new ArgumentException($"{name} has {Math.Max(data.Payload.Length, metadata)} bytes of payload or metadata; the most is {MaxPayloadBytes}.", nameof(data));
        }

        bytes += data.Payload.Length + metadata;
        if (bytes > MaxAppendBytes)
        {
            throw new ArgumentException($"Up to {name} the append has more than {MaxAppendBytes} bytes of payload and metadata. Append in smaller parts.", nameof(data));
        }
    }

    private static void CheckText(string? text, int maxLength, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Length > maxLength)
        {
            throw new ArgumentException($"{name} has {text.Length} characters; the most is {maxLength}.", name);
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{name} contains the character NUL, which PostgreSQL cannot store in a text.", name);
        }

        CountBytes(text, name);
    }

    private static int CheckMetadata(string metadata, string eventName)
    {
        string name = eventName + ".Metadata";
        int bytes = CountBytes(metadata, name);
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
                    throw new ArgumentException($"{name} contains the character NUL, which PostgreSQL cannot store in a text.", name);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"{name} is not valid JSON: {e.Message}", name, e);
        }

        return bytes;
    }

    private static int CountBytes(string text, string name)
    {
        try
        {
            return _strictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{name} contains half of a surrogate pair: it is not Unicode text.", name, e);
        }
    }
}
