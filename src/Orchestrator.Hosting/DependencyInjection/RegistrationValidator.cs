using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;
using Orchestrator.Hosting.Membership;

namespace Orchestrator.Hosting.DependencyInjection;

/// <summary>Finds what code has left out: a provider, projections. Checked with the configuration, so that whoever starts the host sees one list of faults.</summary>
internal sealed class RegistrationValidator(OrchestratorRegistry registry, IServiceProviderIsService services) : IValidateOptions<RootSection>
{
    public ValidateOptionsResult Validate(string? name, RootSection options)
    {
        List<string> faults =
        [
            .. from replicaSet in registry.ReplicaSets
               where replicaSet.Projections.Count == 0
               select $"The replica set '{replicaSet.Name}' has no projections: call AddProjection<T>() on it, or remove it.",
        ];
        if (!services.IsService(typeof(IMembershipStore)))
        {
            faults.Add("No provider is chosen for the projection orchestrator. Call AddProjectionOrchestrator(o => o.UsePostgreSql(connectionString)), or o.UseInMemory() for development and tests.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
