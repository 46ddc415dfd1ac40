using Orchestrator.Hosting.Generations;
using Orchestrator.Projections;

namespace Orchestrator.Hosting.Processing;

/// <summary>Which part of the log to read.</summary>
/// <param name="From">The position to start behind; 0 for the beginning.</param>
/// <param name="Slots">The slots wanted.</param>
/// <param name="MaxCount">The most events in the page; 1 or greater.</param>
/// <param name="MaxBytes">About the most bytes of payload in the page; at least one event comes whatever its size.</param>
/// <param name="Filter">The events wanted.</param>
public sealed record EventPageRequest(long From, SlotSet Slots, int MaxCount, int MaxBytes, EventFilter Filter)
{
    /// <summary>
    /// Everything that the page relies on, the horizon included, must have been read at or after this timestamp of the TimeProvider; a horizon known from before must be read again.
    /// A reader whose connection is younger than the page asks for this: the server may have crashed in between and given positions away anew. Default: 0, any time.
    /// </summary>
    public long ReadSince { get; init; }
}
