namespace Orchestrator.Workflows.Running;

/// <summary>Who claims runs here; for people.</summary>
internal sealed record HostIdentity(string Name)
{
    public static HostIdentity Current() => new($"{Environment.MachineName}/{Environment.ProcessId}");
}
