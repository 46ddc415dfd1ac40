namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Told after an append of this process has committed, so that readers need not wait for their next poll.</summary>
internal interface IAppendNotifier
{
    /// <summary>Something was committed. Returns at once and never throws: what comes of it is a hint, off the append's path.</summary>
    void Appended();
}
