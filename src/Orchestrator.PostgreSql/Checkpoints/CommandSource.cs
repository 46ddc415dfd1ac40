using System.Globalization;
using Orchestrator.Events;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>The events that a statement was enqueued for: one, or a whole batch where a handler gets it at once.</summary>
/// <param name="First">The first; null: for none in particular.</param>
/// <param name="Last">The last.</param>
internal readonly record struct CommandSource(PersistedEvent? First, PersistedEvent? Last)
{
    /// <summary>What several statements were enqueued for, together.</summary>
    public static CommandSource Of(IReadOnlyList<CommandSource> sources) => new(
        sources.Select(source => source.First).OfType<PersistedEvent>().MinBy(e => e.GlobalPosition),
        sources.Select(source => source.Last).OfType<PersistedEvent>().MaxBy(e => e.GlobalPosition));

    /// <summary>Names it in a message: "enqueued ...".</summary>
    public override string ToString() => this switch
    {
        (null, _) or (_, null) => "for the batch as a whole",
        var (first, last) when ReferenceEquals(first, last) => string.Create(
            CultureInfo.InvariantCulture, $"by the event at position {first.GlobalPosition} ({first.EventType}, version {first.AggregateVersion} of {first.AggregateType} '{first.AggregateId}')"),
        var (first, last) => string.Create(CultureInfo.InvariantCulture, $"for the events from position {first.GlobalPosition} to {last.GlobalPosition}"),
    };
}
