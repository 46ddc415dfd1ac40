using Microsoft.Extensions.Options;

namespace Orchestrator.Workflows.Definitions;

/// <summary>Finds every fault of a workflow, its graph and its settings, before it runs.</summary>
internal sealed class WorkflowOptionsValidator(WorkflowRegistry registry) : IValidateOptions<WorkflowOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkflowOptions options)
    {
        WorkflowRegistration? workflow = registry.Workflows.FirstOrDefault(workflow => workflow.Name == name);
        List<string> faults = [.. workflow is null ? [] : DefinitionFaults.Of(workflow), .. OfOptions(name, options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> OfOptions(string? name, WorkflowOptions options)
    {
        if (options.ClaimDuration < TimeSpan.FromSeconds(1) || options.ClaimDuration > TimeSpan.FromHours(1))
        {
            yield return $"The workflow '{name}': ClaimDuration is 1 second to 1 hour, not {options.ClaimDuration}.";
        }

        if (options.MaxConcurrentRuns is < 1 or > 1000)
        {
            yield return $"The workflow '{name}': MaxConcurrentRuns is 1 to 1000, not {options.MaxConcurrentRuns}.";
        }

        if (options.PollInterval < TimeSpan.FromMilliseconds(10) || options.PollInterval > TimeSpan.FromHours(1))
        {
            yield return $"The workflow '{name}': PollInterval is 10 ms to 1 hour, not {options.PollInterval}.";
        }

        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"The workflow '{name}': DrainTimeout is 0 to 10 minutes, not {options.DrainTimeout}.";
        }

        if (options.JsonOptions is null)
        {
            yield return $"The workflow '{name}': JsonOptions is null. Leave it as it is, or give it options.";
        }
    }
}
