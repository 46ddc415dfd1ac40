using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.ChaosTests.World;

/// <summary>Runs a program of the machine's to its end.</summary>
internal static class Shell
{
    /// <summary>Runs it.</summary>
    /// <returns>Null where it succeeded, else what it said.</returns>
    public static async Task<string?> TryRunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{program}: {$"{await output}{error}".Trim().ReplaceLineEndings(" ")}";
        }
        catch (Win32Exception exception)
        {
            return $"{program}: {exception.Message}";
        }
    }
}
