using System.Diagnostics;

namespace Examples.Tests;

/// <summary>A built example, run as its user runs it: in a process of its own.</summary>
internal static class ExampleProgram
{
    /// <summary>Runs it to its end; one that does not end in time is killed, and the test fails with what it had printed.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string example, IReadOnlyDictionary<string, string> environment, TimeSpan timeout)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, example + ".dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        using Process process = Process.Start(info) ?? throw new InvalidOperationException($"{example} did not start.");
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
            Assert.Fail($"{example} did not end within {timeout}. It printed:\n{await output}{await errors}");
        }

        return (process.ExitCode, await output, await errors);
    }
}
