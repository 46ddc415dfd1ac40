using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Threading;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>A worker's eyes: the only user of its control session. Says what the worker is to do.</summary>
internal interface IWatchLoop
{
    /// <summary>Watches until stopped, or until the worker is off the roster.</summary>
    /// <param name="directives">Where the worker's orders go.</param>
    /// <param name="drained">The newest generation that the partition worker has drained for.</param>
    /// <param name="stop">Ends the loop between two steps; the session stays usable.</param>
    /// <returns>A task that ends with the loop.</returns>
    Task RunAsync(LatestValue<Directive> directives, LatestValue<long> drained, CancellationToken stop);
}
