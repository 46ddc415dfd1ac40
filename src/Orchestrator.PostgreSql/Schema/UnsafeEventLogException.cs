using Orchestrator.Hosting.Errors;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>The event log's table is set up in a way in which projections would lose events or see them out of order. Nothing runs until it is mended.</summary>
public sealed class UnsafeEventLogException : EventLogRefusedException
{
    internal UnsafeEventLogException(IReadOnlyList<string> faults)
        : base("The event log is not safe to read, so nothing is applied until it is mended:" + string.Concat(faults.Select(fault => Environment.NewLine + "- " + fault))) => Faults = faults;

    /// <summary>What is wrong, each with the way to mend it.</summary>
    public IReadOnlyList<string> Faults { get; }
}
