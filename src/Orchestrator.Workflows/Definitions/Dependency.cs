namespace Orchestrator.Workflows.Definitions;

/// <summary>That one service waits for another.</summary>
/// <param name="Service">The one that is waited for.</param>
/// <param name="OnFailure">What its failure means.</param>
internal sealed record Dependency(string Service, DependencyFailure OnFailure);
