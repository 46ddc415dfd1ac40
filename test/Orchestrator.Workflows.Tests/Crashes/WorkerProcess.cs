using System.Diagnostics;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>This program, in a process of its own.</summary>
internal static class WorkerProcess
{
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, "worker", .. arguments]) { UseShellExecute = false }) ?? throw new InvalidOperationException("The worker did not start.");

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> EndAsync(this Process process)
    {
        using (process)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(10), TimeProvider.System);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode;
        }
    }
}
