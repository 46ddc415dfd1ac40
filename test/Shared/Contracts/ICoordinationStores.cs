using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Testing.Shared;

/// <summary>A provider's stores of membership and checkpoints, over the same rows.</summary>
internal interface ICoordinationStores : IAsyncDisposable
{
    IMembershipStore Membership { get; }

    ICheckpointStore Checkpoints { get; }
}
