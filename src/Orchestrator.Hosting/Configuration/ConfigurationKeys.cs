using Microsoft.Extensions.Configuration;

namespace Orchestrator.Hosting.Configuration;

/// <summary>Where settings live in the application's configuration.</summary>
internal static class ConfigurationKeys
{
    public const string Root = "Orchestrator";

    public const string ReplicaSets = "ReplicaSets";

    public const string Projections = "Projections";

    /// <summary>All that may stand below the root. The sections of all providers: one file serves an application that runs in memory in development.</summary>
    public static IReadOnlyList<string> Sections { get; } = [ReplicaSets, "PostgreSql", "Health"];

    public const string Health = $"{Root}:Health";

    public static string ReplicaSet(string name) => $"{Root}:{ReplicaSets}:{name}";

    /// <summary>The replica set of a projection's section. No name holds the separator: registration refuses it.</summary>
    public static string ReplicaSetOf(string projectionSection) => projectionSection.Split(ConfigurationPath.KeyDelimiter)[2];

    /// <summary>Also the name of the projection's options.</summary>
    public static string Projection(string replicaSet, string projection) => $"{ReplicaSet(replicaSet)}:{Projections}:{projection}";
}
