using System.Runtime.InteropServices;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Which of a page query's conditions hold. A condition that does not is left out, so that it costs nothing for a row.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageStatement(bool Measured, bool SomeSlots, bool SlotsInPieces, bool SomeAggregateTypes, bool SomeEventTypes)
{
    public static PageStatement For(EventPageRequest request, bool measured) =>
        new(measured, !request.Slots.IsAll, request.Slots.Ranges.Count > 1, request.Filter.AggregateTypes.Count > 0, request.Filter.EventTypes.Count > 0);

    /// <summary>The statement: its file without the lines whose condition does not hold.</summary>
    public string Render(SqlCatalog sql)
    {
        PageStatement self = this;
        IEnumerable<string> lines = sql[Measured ? "read_page_measured" : "read_page"].Split('\n').Where(line => self.Keeps(line));
        return string.Join('\n', lines);
    }

    private bool Keeps(string line) =>
        (SomeSlots || !line.Contains("-- if some slots", StringComparison.Ordinal))
        && (SlotsInPieces || !line.Contains("-- if slots in pieces", StringComparison.Ordinal))
        && (SomeAggregateTypes || !line.Contains("-- if some aggregate types", StringComparison.Ordinal))
        && (SomeEventTypes || !line.Contains("-- if some event types", StringComparison.Ordinal));
}
