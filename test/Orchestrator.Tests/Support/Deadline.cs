namespace Orchestrator.Tests.Support;

/// <summary>Lets a test that waits for what never comes fail, and not hang.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits for a task, for long enough on the slowest machine.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Patience, TimeProvider.System);
}
