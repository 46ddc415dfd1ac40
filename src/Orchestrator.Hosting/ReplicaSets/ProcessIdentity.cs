using System.Reflection;

namespace Orchestrator.Hosting.ReplicaSets;

/// <summary>What the others see of this process in the workers table.</summary>
/// <param name="HostName">The machine or pod.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="ApplicationVersion">The entry assembly's informational version.</param>
internal sealed record ProcessIdentity(string HostName, int ProcessId, string ApplicationVersion)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current() =>
        new(
            Environment.MachineName,
            Environment.ProcessId,
            Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");
}
