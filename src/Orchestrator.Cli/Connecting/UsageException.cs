namespace Orchestrator.Cli.Connecting;

/// <summary>The command line or the configuration is wrong. Nothing was tried.</summary>
internal sealed class UsageException(params IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>What is wrong, each with the way out.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
