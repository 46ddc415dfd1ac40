namespace Orchestrator.Hosting.Generations;

/// <summary>What a worker is to do, as its watch loop last read it.</summary>
internal abstract record Directive
{
    private Directive()
    {
    }

    /// <summary>Own nothing, process nothing.</summary>
    public sealed record Idle : Directive;

    /// <summary>Finish the batch in hand, start no other, and say so: a generation is forming.</summary>
    public sealed record Drain(long GenerationId) : Directive;

    /// <summary>Process the rows that the worker owns.</summary>
    /// <param name="GenerationId">The generation that runs, or that takes over row by row.</param>
    /// <param name="Look">Changes whenever rows may have changed hands: read them again.</param>
    public sealed record Run(long GenerationId, long Look = 0) : Directive;
}
