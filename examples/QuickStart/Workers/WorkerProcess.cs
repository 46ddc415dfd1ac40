using System.Diagnostics;
using System.Globalization;

namespace QuickStart.Workers;

/// <summary>One worker process, started from this program's own file, with its output in a log file.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _copied;

    private WorkerProcess(Process process, Task copied)
    {
        _process = process;
        _copied = copied;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Whether its end was ordered: any other end is a failure.</summary>
    public bool IsDismissed { get; private set; }

    public bool IsFrozen { get; private set; }

    public static WorkerProcess Start(string connectionString, string logFile)
    {
        // Started by `dotnet run` we are a program of our own; started as `dotnet QuickStart.dll` we are dotnet and need the file's name.
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(WorkerProcess).Assembly.Location, WorkerProgram.Argument] : [WorkerProgram.Argument];
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment[WorkerProgram.ConnectionStringVariable] = connectionString;
        Process process = Process.Start(info) ?? throw new InvalidOperationException("The worker did not start.");
        return new WorkerProcess(process, CopyAsync(process, logFile));
    }

    /// <summary>Ends it as a crash does: kill -9.</summary>
    public void Kill()
    {
        IsDismissed = true;
        _process.Kill();
    }

    /// <summary>Asks it to drain and leave: SIGTERM.</summary>
    public Task TerminateAsync(CancellationToken cancellationToken)
    {
        IsDismissed = true;
        return SignalAsync("TERM", cancellationToken);
    }

    /// <summary>Lets it drain and leave by closing its standard input, and waits for its end; true when it went in order and in time.</summary>
    public async Task<bool> StopAsync(TimeSpan timeout)
    {
        IsDismissed = true;
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            return false;
        }
    }

    public Task FreezeAsync(CancellationToken cancellationToken)
    {
        IsFrozen = true;
        return SignalAsync("STOP", cancellationToken);
    }

    public Task ThawAsync(CancellationToken cancellationToken)
    {
        IsFrozen = false;

        // The id of a process that has ended may already be somebody else's.
        return _process.HasExited ? Task.CompletedTask : SignalAsync("CONT", cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _copied.Wait();
        _process.Dispose();
    }

    // The shell's own `kill`: every Unix has it.
    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {Id} 2>/dev/null")]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private static async Task CopyAsync(Process process, string logFile)
    {
        await using FileStream log = File.Create(logFile);
        var gate = new SemaphoreSlim(1);
        await Task.WhenAll(CopyAsync(process.StandardOutput, log, gate), CopyAsync(process.StandardError, log, gate));
    }

    private static async Task CopyAsync(StreamReader reader, FileStream log, SemaphoreSlim gate)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            await gate.WaitAsync();
            await log.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            await log.FlushAsync();
            gate.Release();
        }
    }
}
