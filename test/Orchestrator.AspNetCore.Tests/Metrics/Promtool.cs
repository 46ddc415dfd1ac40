using System.Diagnostics;

namespace Orchestrator.AspNetCore.Tests.Metrics;

/// <summary>Prometheus's own judge of pages.</summary>
internal static class Promtool
{
    /// <summary>What <c>promtool check metrics</c> says of a page; empty: nothing.</summary>
    public static async Task<string> CheckMetricsAsync(string page)
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = promtool.StandardOutput.ReadToEndAsync();
        Task<string> errors = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return await output + await errors;
    }
}
