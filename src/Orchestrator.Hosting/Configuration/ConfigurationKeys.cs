namespace Orchestrator.Hosting.Configuration;

/// <summary>Where settings live in the application's configuration.</summary>
internal static class ConfigurationKeys
{
    public const string Root = "Orchestrator";

    public static string ReplicaSet(string name) => $"{Root}:ReplicaSets:{name}";

    /// <summary>Also the name of the projection's options.</summary>
    public static string Projection(string replicaSet, string projection) => $"{ReplicaSet(replicaSet)}:Projections:{projection}";
}
