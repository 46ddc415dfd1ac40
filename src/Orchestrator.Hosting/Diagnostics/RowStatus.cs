using System.Data.Common;
using Orchestrator.Hosting.Generations;

namespace Orchestrator.Hosting.Diagnostics;

/// <summary>Whether a checkpoint row moves.</summary>
internal enum RowState
{
    /// <summary>It is at work, or has nothing to do.</summary>
    Running,

    /// <summary>Its last batch failed, and is tried again.</summary>
    Retrying,

    /// <summary>Its handler has failed too often: nothing is tried any more.</summary>
    Stopped,
}

/// <summary>A checkpoint row, as its runner last saw it.</summary>
/// <param name="Slots">Its slots.</param>
/// <param name="Position">How far it is.</param>
/// <param name="State">Whether it moves.</param>
/// <param name="Failures">How often in a row it has failed.</param>
/// <param name="Cause">What failed last, as <see cref="CauseOf"/> says it, or null.</param>
internal sealed record RowStatus(SlotRange Slots, long Position, RowState State, int Failures, string? Cause)
{
    /// <summary>When the oldest event was appended that was read for the row and is not applied yet, by the database's clock; null: none is known.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    /// <summary>An error's kind. Never its message: a handler's may quote a payload, and health pages are often public. The log has it all.</summary>
    public static string CauseOf(Exception exception)
    {
        string? sqlState = null;
        for (Exception? inner = exception; inner is not null && sqlState is null; inner = inner.InnerException)
        {
            sqlState = (inner as DbException)?.SqlState;
        }

        return sqlState is null ? exception.GetType().Name : $"{exception.GetType().Name} {sqlState}";
    }
}
