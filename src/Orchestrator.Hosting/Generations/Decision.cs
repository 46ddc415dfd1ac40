using System.Collections.Immutable;

namespace Orchestrator.Hosting.Generations;

/// <summary>What is to be done next. Carries what it was decided from, so that it is applied only if that is still true.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Nothing, for now.</summary>
    public sealed record Wait : Decision;

    /// <summary>Nothing, as long as these workers live: partitions set by hand and generations exclude each other.</summary>
    public sealed record Blocked(ImmutableArray<Guid> StaticWorkers) : Decision;

    /// <summary>Take workers off the roster.</summary>
    public sealed record Remove(ImmutableArray<WorkerRemoval> Removals) : Decision;

    /// <summary>Form a generation.</summary>
    public sealed record Form(FormGeneration Transition) : Decision;

    /// <summary>Activate the forming generation.</summary>
    public sealed record Activate(ActivateGeneration Transition) : Decision;
}
