using System.Globalization;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>The seeds of random sequences of commands: the same in every run. <c>ORCHESTRATOR_AGREEMENT_SEED</c> runs one alone, <c>ORCHESTRATOR_AGREEMENT_SEQUENCES</c> another number of them.</summary>
internal static class RandomSequences
{
    public static IEnumerable<int> Seeds(int count) =>
        Variable("ORCHESTRATOR_AGREEMENT_SEED") is { } seed ? [seed] : Enumerable.Range(1, Variable("ORCHESTRATOR_AGREEMENT_SEQUENCES") ?? count);

    private static int? Variable(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
