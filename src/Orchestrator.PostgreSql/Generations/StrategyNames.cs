using Orchestrator.Hosting.Configuration;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>How the generations table says which strategy a generation follows.</summary>
internal static class StrategyNames
{
    private const string Recreate = "recreate";
    private const string Rolling = "rolling";

    public static string Of(RebalanceStrategy strategy) => strategy == RebalanceStrategy.Rolling ? Rolling : Recreate;

    public static RebalanceStrategy Parse(string name) => name == Rolling ? RebalanceStrategy.Rolling : RebalanceStrategy.Recreate;
}
