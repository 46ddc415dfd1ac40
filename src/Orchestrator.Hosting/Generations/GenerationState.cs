namespace Orchestrator.Hosting.Generations;

/// <summary>The life of a generation.</summary>
internal enum GenerationState
{
    /// <summary>Agreed on; the workers of the one before are draining.</summary>
    Forming,

    /// <summary>Its workers own the log's slots.</summary>
    Active,

    /// <summary>The stamp of one worker whose partition is set by hand. Any number of them stand side by side.</summary>
    Static,

    /// <summary>Replaced; its workers can no longer commit.</summary>
    Superseded,
}
