namespace Orchestrator.Hosting.Generations;

/// <summary>The life of a generation.</summary>
internal enum GenerationState
{
    /// <summary>Agreed on; the workers of the one before are draining.</summary>
    Forming,

    /// <summary>Its workers own the log's slots.</summary>
    Active,

    /// <summary>Replaced; its workers can no longer commit.</summary>
    Superseded,
}
