namespace Orchestrator.Workflows.Definitions;

/// <summary>A service as it runs. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dependencies">What it waits for, in the order in which that was said.</param>
/// <param name="Retry">When it is asked again.</param>
/// <param name="TimeLimit">The longest an attempt may take; null: as long as it takes.</param>
/// <param name="Resolve">Gets it from an attempt's scope.</param>
internal sealed record ServiceDefinition(
    string Name, IReadOnlyList<Dependency> Dependencies, RetryPolicy Retry, TimeSpan? TimeLimit, Func<IServiceProvider, IWorkflowService> Resolve);
