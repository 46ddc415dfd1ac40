namespace Orchestrator.Workflows.Journal;

/// <summary>What an entry of a journal says.</summary>
public enum JournalEntryKind
{
    /// <summary>An attempt begins. Without an outcome behind it, it was interrupted.</summary>
    Started,

    /// <summary>An attempt failed, and there will be another.</summary>
    Retrying,

    /// <summary>The service has succeeded.</summary>
    Succeeded,

    /// <summary>The service has failed for good.</summary>
    Failed,

    /// <summary>The service is not asked, because of one that it depends on.</summary>
    Skipped,

    /// <summary>The whole run is to be tried again: what failed or was skipped before counts no more.</summary>
    Reset,
}
