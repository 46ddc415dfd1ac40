using System.Diagnostics;

namespace Workflow;

/// <summary>Runs this program once more, as the process that checks out an order.</summary>
internal static class CheckoutProcess
{
    /// <summary>Runs it to its end, whichever that is, and shows what it printed.</summary>
    public static async Task RunAsync(string connectionString, string requestId, string? crashAfter, CancellationToken cancellationToken)
    {
        string[] crash = crashAfter is null ? [] : [crashAfter];
        var info = new ProcessStartInfo("dotnet", [typeof(CheckoutProcess).Assembly.Location, "checkout", connectionString, requestId, .. crash]) { UseShellExecute = false, RedirectStandardOutput = true };
        using Process process = Process.Start(info) ?? throw new InvalidOperationException("The process did not start.");
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            Console.WriteLine("  " + line);
        }

        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            Console.WriteLine("  The process has died.");
        }
    }
}
