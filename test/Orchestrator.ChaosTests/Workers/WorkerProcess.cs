using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>A worker in a process of its own, to be tormented by signals.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    public IEnumerable<string> Output => _output;

    /// <summary>Whether it has ended, however.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts one.</summary>
    /// <param name="connectionString">The way to the database.</param>
    /// <param name="settings">Its configuration, as a command line says it: see <see cref="WorkerHost"/>.</param>
    /// <param name="environment">Variables that it gets besides ours.</param>
    public static WorkerProcess Start(string connectionString, IEnumerable<string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, "worker", connectionString, .. settings])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    public void Kill() => Signal(SigKill);

    public void Freeze() => Signal(SigStop);

    public void Thaw() => Signal(SigCont);

    /// <summary>Asks it to stop, and waits until it has, in good order.</summary>
    public async Task StopAsync()
    {
        Signal(SigTerm);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(deadline.Token);
        Assert.That(_process.ExitCode, Is.Zero, () => string.Join(Environment.NewLine, _output));
    }

    /// <summary>Waits until it has ended, however.</summary>
    public async Task WaitForExitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(deadline.Token);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task WaitForOutputAsync(string text, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (!_output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, () => $"Worker {_process.Id} has not said '{text}' in {patience}:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");
            Assert.That(_process.HasExited, Is.False, () => $"Worker {_process.Id} has ended:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
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

    private void Note(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(string.Create(CultureInfo.InvariantCulture, $"[{_process.Id}] {line}"));
        }
    }

    private void Signal(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent to process {_process.Id}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
