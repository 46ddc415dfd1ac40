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
    private const int KeptBesideLog = 1_000;

    private readonly Process _process;
    private readonly TextWriter? _log;
    private readonly ConcurrentQueue<string> _output = [];

    private WorkerProcess(Process process, TextWriter? log)
    {
        _process = process;
        _log = log;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>What it has said: all, or the last of it where there is a log.</summary>
    public IEnumerable<string> Output => _output;

    /// <summary>Whether it has ended, however.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts one.</summary>
    /// <param name="connectionString">The way to the database.</param>
    /// <param name="settings">Its configuration, as a command line says it: see <see cref="WorkerHost"/>.</param>
    /// <param name="environment">Variables that it gets besides ours.</param>
    /// <param name="log">Gets all that it says, too.</param>
    public static WorkerProcess Start(string connectionString, IEnumerable<string> settings, IReadOnlyDictionary<string, string>? environment = null, TextWriter? log = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, "worker", connectionString, .. settings])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var worker = new WorkerProcess(new Process { StartInfo = start }, log);
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    public void Kill() => Signal(SigKill);

    public void Freeze() => Signal(SigStop);

    public void Thaw() => Signal(SigCont);

    /// <summary>Asks it to stop, and waits until it has, in good order.</summary>
    public async Task StopAsync() => Assert.That(await TryStopAsync(TimeSpan.FromSeconds(30)), Is.Zero, () => string.Join(Environment.NewLine, _output));

    /// <summary>Asks it to stop.</summary>
    /// <returns>Its exit code; null: it had not ended when the patience did.</returns>
    public async Task<int?> TryStopAsync(TimeSpan patience)
    {
        Signal(SigTerm);
        try
        {
            await WaitForExitAsync(patience);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
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
        if (line is null)
        {
            return;
        }

        string said = string.Create(CultureInfo.InvariantCulture, $"[{_process.Id}] {line}");
        _output.Enqueue(said);
        if (_log is not null)
        {
            _log.WriteLine(said);
            if (_output.Count > KeptBesideLog)
            {
                _output.TryDequeue(out _);
            }
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
