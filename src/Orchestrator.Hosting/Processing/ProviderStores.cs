using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.Processing;

/// <summary>What a provider brings.</summary>
/// <param name="Membership">Where workers meet.</param>
/// <param name="Checkpoints">The checkpoints, behind their fences.</param>
/// <param name="Log">The events.</param>
/// <param name="Errors">Whose fault an exception is.</param>
internal sealed record ProviderStores(IMembershipStore Membership, ICheckpointStore Checkpoints, IEventLog Log, IErrorClassifier Errors);
