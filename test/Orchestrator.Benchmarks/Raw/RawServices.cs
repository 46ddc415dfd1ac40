namespace Orchestrator.Benchmarks.Raw;

/// <summary>A graph of delegates as one writes it without a library: each in a thread of the pool, as the product's, once those that it depends on have ended.</summary>
internal static class RawServices
{
    /// <summary>Runs the stages one after another, the delegates of a stage at the same time.</summary>
    /// <param name="service">What each of them does.</param>
    /// <param name="stages">The services' names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(Func<CancellationToken, ValueTask<object?>> service, IReadOnlyList<string[]> stages, CancellationToken cancellationToken)
    {
        foreach (string[] stage in stages)
        {
            await Task.WhenAll(stage.Select(_ => Task.Run(async () => await service(cancellationToken), cancellationToken)));
        }
    }
}
