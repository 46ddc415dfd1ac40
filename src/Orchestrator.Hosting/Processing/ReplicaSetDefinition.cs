using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Hosting.Processing;

/// <summary>A replica set with its effective settings.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">The settings as they were when the host started. Those that may change since are in the tuning.</param>
/// <param name="Tuning">What may change while it runs.</param>
internal sealed record ReplicaSetDefinition(string Name, ReplicaSetOptions Options, Live<ReplicaSetTuning> Tuning)
{
    /// <summary>One whose settings stay as they are.</summary>
    public static ReplicaSetDefinition Fixed(string name, ReplicaSetOptions options) => new(name, options, new Live<ReplicaSetTuning>(ReplicaSetTuning.Of(options)));
}
