using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>A worker in a process of its own, to be killed or frozen. The program starts itself with the hidden command <c>worker</c>.</summary>
internal sealed partial class Victim : IDisposable
{
    /// <summary>What the process says when its worker has started and holds the raw lock.</summary>
    public const string Ready = "ready";

    private const int SigKill = 9;
    private const int SigStop = 19;

    private readonly Process _process;

    private Victim(Process process) => _process = process;

    /// <summary>Starts a process and waits until its worker has started.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="replicaSet">The replica set.</param>
    /// <param name="lockKey">The advisory lock that raw notices its end by; null: an ordinary worker with default settings, which writes its commits into a table.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Victim> StartAsync(string connectionString, string replicaSet, long? lockKey, CancellationToken cancellationToken)
    {
        string[] key = lockKey is { } value ? [value.ToString(CultureInfo.InvariantCulture)] : [];
        string[] arguments = [typeof(Victim).Assembly.Location, "worker", connectionString, replicaSet, .. key];
        var victim = new Victim(Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!);
        string? said = await victim._process.StandardOutput.ReadLineAsync(cancellationToken);
        return said == Ready ? victim : throw new InvalidOperationException($"The worker process has not started; it said: {said ?? "nothing"}.");
    }

    /// <summary>Ends it with no time to say anything (kill -9).</summary>
    /// <returns>The timestamp from before.</returns>
    public long Kill() => Signal(SigKill);

    /// <summary>Freezes it: it holds on to its sessions and its locks.</summary>
    /// <returns>The timestamp from before.</returns>
    public long Freeze() => Signal(SigStop);

    /// <summary>Lets it stop in good order, and waits for its end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private long Signal(int signal)
    {
        long before = Stopwatch.GetTimestamp();
        return SendSignal(_process.Id, signal) == 0
            ? before
            : throw new InvalidOperationException($"Signal {signal} could not be sent to process {_process.Id}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
