using System.Diagnostics;

namespace Deployment.Tests;

/// <summary>A program of the machine's, run to its end.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">All that it printed.</param>
internal sealed record Tool(int ExitCode, string Output)
{
    /// <summary>Runs it; the test is skipped where it is not installed.</summary>
    public static async Task<Tool> RunAsync(string name, params string[] arguments)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, name))))
        {
            Assert.Ignore($"{name} is not installed.");
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{name} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new Tool(process.ExitCode, await output + await errors);
    }
}
