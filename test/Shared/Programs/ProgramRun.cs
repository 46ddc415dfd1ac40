using System.Diagnostics;

namespace Orchestrator.Testing.Shared;

/// <summary>A built program that was run as its user runs it: in a process of its own, to its end.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it printed as errors.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>All that it printed.</summary>
    public string Everything => Output + Errors;

    /// <summary>Runs a program; one that does not end in time is killed, and the test fails with what it had printed.</summary>
    /// <param name="program">The assembly's name; it is beside the tests.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="environment">Variables that it gets besides those of the tests.</param>
    public static async Task<ProgramRun> OfAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        using Process process = Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {timeout}. It printed:\n{await output}{await errors}");
        }

        return new ProgramRun(process.ExitCode, await output, await errors);
    }
}
