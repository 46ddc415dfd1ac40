namespace Orchestrator.Workflows.Definitions;

/// <summary>Finds everything that is wrong with a workflow, each fault with a way out.</summary>
internal static class DefinitionFaults
{
    private const int MaxNameLength = 200;
    private const int MostRetries = 1000;

    /// <summary>Every fault; empty when the workflow can run.</summary>
    public static IReadOnlyList<string> Of(WorkflowRegistration workflow)
    {
        string where = $"The workflow '{workflow.Name}'";
        if (workflow.Services.Count == 0)
        {
            return [$"{where} has no services: call AddService on it, or remove it."];
        }

        List<string> faults =
        [
            .. OfNames(workflow, where),
            .. workflow.Services.SelectMany(service => OfDependencies(workflow, service, $"{where}, service '{service.Name}'")),
            .. workflow.Services.SelectMany(service => OfSettings(service.Settings, $"{where}, service '{service.Name}'")),
        ];
        return DependencyCycle.Find(workflow.Services) is { } cycle
            ? [.. faults, $"{where} has a cycle, so that none of these could ever run: {string.Join(" -> ", cycle)} (each depends on the next). Remove one of the dependencies."]
            : faults;
    }

    private static IEnumerable<string> OfNames(WorkflowRegistration workflow, string where)
    {
        foreach (ServiceRegistration service in workflow.Services)
        {
            if (string.IsNullOrWhiteSpace(service.Name) || service.Name.Length > MaxNameLength || service.Name.Contains('\0'))
            {
                yield return $"{where}: a service's name has 1 to {MaxNameLength} characters, not '{service.Name}'.";
            }
        }

        foreach (string name in workflow.Services.GroupBy(service => service.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.Key))
        {
            yield return $"{where} has several services named '{name}'. A name is the key of a service's results: give all but one another.";
        }
    }

    private static IEnumerable<string> OfDependencies(WorkflowRegistration workflow, ServiceRegistration service, string where)
    {
        foreach (IGrouping<string, Dependency> dependency in service.Settings.Dependencies.GroupBy(dependency => dependency.Service, StringComparer.Ordinal))
        {
            if (!workflow.Services.Exists(other => other.Name == dependency.Key))
            {
                yield return $"{where} depends on '{dependency.Key}', which the workflow does not have. Its services are: {string.Join(", ", workflow.Services.Select(other => $"'{other.Name}'"))}.";
            }

            if (dependency.Skip(1).Any())
            {
                yield return $"{where} says more than once that it depends on '{dependency.Key}': say it once.";
            }
        }
    }

    private static IEnumerable<string> OfSettings(WorkflowServiceBuilder settings, string where)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        WorkflowRetryOptions retry = settings.RetryOptions;
        if (retry.MaxRetries is < 0 or > MostRetries)
        {
            yield return $"{where}: MaxRetries is 0 to {MostRetries}, not {retry.MaxRetries}.";
        }

        if (retry.InitialDelay < TimeSpan.Zero || retry.InitialDelay > day)
        {
            yield return $"{where}: InitialDelay is 0 to 1 day, not {retry.InitialDelay}.";
        }

        if (retry.MaxRetryDelay < retry.InitialDelay || retry.MaxRetryDelay > day)
        {
            yield return $"{where}: MaxRetryDelay is at least InitialDelay ({retry.InitialDelay}) and at most 1 day, not {retry.MaxRetryDelay}.";
        }

        if (!(retry.JitterFactor is >= 0 and <= 1))
        {
            yield return $"{where}: JitterFactor is 0 to 1, not {retry.JitterFactor}.";
        }

        if (retry.ShouldRetry is null)
        {
            yield return $"{where}: ShouldRetry is null. Leave it as it is, or say which errors are worth another attempt.";
        }

        if (settings.Limit is { } limit && (limit < TimeSpan.FromMilliseconds(1) || limit > day))
        {
            yield return $"{where}: TimeLimit is 1 ms to 1 day, not {limit}.";
        }
    }
}
