using System.Diagnostics;
using System.Globalization;

namespace Partitioned;

/// <summary>Starts and ends one of the processes, as a platform would that numbers them.</summary>
internal sealed class WorkerProcess
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Starts the process with a key, which it finds in its environment.</summary>
    public static WorkerProcess Start(string connectionString, int key, int total)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, "worker"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        info.Environment["ConnectionStrings__Events"] = connectionString;
        info.Environment["Orchestrator__ReplicaSets__main__PartitionKey"] = key.ToString(CultureInfo.InvariantCulture);
        info.Environment["Orchestrator__ReplicaSets__main__TotalPartitions"] = total.ToString(CultureInfo.InvariantCulture);
        return new WorkerProcess(Process.Start(info) ?? throw new InvalidOperationException("The worker did not start."));
    }

    /// <summary>Waits until the process has logged some words; returns the whole line.</summary>
    public async Task<string> WaitForLineAsync(string words, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The worker has ended without saying '{words}'.");
    }

    /// <summary>Ends it at once, in the middle of whatever it does.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Lets it finish the batch in hand and leave.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }
}
