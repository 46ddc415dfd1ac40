namespace Orchestrator.PostgreSql.EventStore;

/// <summary>The server's answer to an append's statement.</summary>
/// <param name="Appended">What it gave to each event; none where the append was refused.</param>
/// <param name="Refusal">Why it was refused, where the statement tells.</param>
internal readonly record struct AppendAnswer(List<AppendedEvent> Appended, AppendRefusal? Refusal)
{
    /// <summary>Nothing was appended, and nobody said why.</summary>
    public static AppendAnswer None => new([], null);
}

/// <summary>What the log was like for an append to one aggregate that was refused.</summary>
/// <param name="Stands">Where the aggregate stands.</param>
/// <param name="KnownEvent">The first of the events that is in the log already, or null.</param>
internal sealed record AppendRefusal(StreamVersion Stands, Guid? KnownEvent);
