using Orchestrator.Benchmarks.Measuring;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>One question to the product, and the same work with Npgsql alone.</summary>
internal interface IScenario
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, in one sentence.</summary>
    string Question { get; }

    /// <summary>Settings that the server needs beside its defaults.</summary>
    IReadOnlyDictionary<string, string> ServerSettings => new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Measures.</summary>
    /// <param name="context">The server, and what was asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came out. The first one is the scenario's headline.</returns>
    Task<IReadOnlyList<Comparison>> RunAsync(ScenarioContext context, CancellationToken cancellationToken);
}
