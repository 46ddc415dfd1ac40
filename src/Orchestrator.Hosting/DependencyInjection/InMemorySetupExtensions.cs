using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Events;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Hosting.Doctor;
using Orchestrator.Hosting.Errors;
using Orchestrator.Hosting.InMemory;
using Orchestrator.Hosting.Membership;
using Orchestrator.Hosting.Processing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses the in-memory provider.</summary>
public static class InMemorySetupExtensions
{
    /// <summary>
    /// Keeps log, checkpoints and coordination in this process: for development and tests. Also registers <see cref="IEventStore"/>. Everything is gone when the process ends, and handlers
    /// have no transaction: they write in <see cref="Orchestrator.Projections.ProjectionContext.OnCommitted"/>.
    /// </summary>
    /// <param name="setup">The setup.</param>
    /// <param name="database">Shared by hosts of this process that are to form generations together. Default: one of the host's own.</param>
    /// <returns>The same setup.</returns>
    /// <exception cref="InvalidOperationException">Another provider has been chosen before.</exception>
    public static OrchestratorSetup UseInMemory(this OrchestratorSetup setup, InMemoryDatabase? database = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ProviderChoice.Record(setup.Services, "in-memory");
        setup.Services.TryAddSingleton(database ?? new InMemoryDatabase());
        setup.Services.TryAddSingleton<IEventStore, InMemoryEventStore>();
        setup.Services.TryAddSingleton<IEventLog, InMemoryEventLog>();
        setup.Services.TryAddSingleton<IMembershipStore, InMemoryMembershipStore>();
        setup.Services.TryAddSingleton<ICheckpointStore, InMemoryCheckpointStore>();
        setup.Services.TryAddSingleton<IErrorClassifier, InMemoryErrorClassifier>();
        setup.Services.TryAddSingleton<ISlotOwners, InMemorySlotOwners>();
        setup.Services.TryAddSingleton<IOrchestratorDoctor, InMemoryDoctor>();
        return setup;
    }
}
