using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>
/// A process that runs a worker when it is told to, and ends with the process that started it, whose end closes its input. The program starts itself with the hidden command <c>worker</c>.
/// Each line of its input is an order or one of the words below, and is answered by one line when it is done.
/// </summary>
internal sealed partial class WorkerProcess : IDisposable
{
    /// <summary>What the process says when it can be told something, and each time that it has done what it was told.</summary>
    public const string Done = "done";

    /// <summary>Tells it to stop its worker in good order.</summary>
    public const string Stop = "stop";

    /// <summary>Asks for the commits of all its workers since it was asked last.</summary>
    public const string Report = "report";

    private const int SigKill = 9;
    private const int SigStop = 19;

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Starts a process and waits until it can be told something. It runs no worker yet.</summary>
    public static async Task<WorkerProcess> StartAsync(CancellationToken cancellationToken)
    {
        string[] arguments = [typeof(WorkerProcess).Assembly.Location, "worker"];
        var worker = new WorkerProcess(Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!);
        await worker.ExpectDoneAsync(cancellationToken);
        return worker;
    }

    /// <summary>Starts a worker in it, without waiting for a generation.</summary>
    public async Task RunAsync(WorkerOrder order, CancellationToken cancellationToken)
    {
        await TellAsync(JsonSerializer.Serialize(order), cancellationToken);
        await ExpectDoneAsync(cancellationToken);
    }

    /// <summary>Lets its worker stop in good order. The process stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await TellAsync(Stop, cancellationToken);
        await ExpectDoneAsync(cancellationToken);
    }

    /// <summary>The commits of all its workers since it was asked last.</summary>
    public async Task<IReadOnlyList<Commit>> ReportAsync(CancellationToken cancellationToken)
    {
        await TellAsync(Report, cancellationToken);
        return JsonSerializer.Deserialize<Commit[]>(await HearAsync(cancellationToken))!;
    }

    /// <summary>Lets the process end, and waits for it.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends it with no time to say anything (kill -9).</summary>
    /// <returns>The timestamp from before.</returns>
    public long Kill() => Signal(SigKill);

    /// <summary>Freezes it: it holds on to its sessions and its locks.</summary>
    /// <returns>The timestamp from before.</returns>
    public long Freeze() => Signal(SigStop);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task TellAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    private async Task ExpectDoneAsync(CancellationToken cancellationToken)
    {
        string said = await HearAsync(cancellationToken);
        if (said != Done)
        {
            throw new InvalidOperationException($"The worker process has not done what it was told; it said: {said}.");
        }
    }

    private async Task<string> HearAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The worker process has ended by itself; its errors are above.");

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
