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

    /// <summary>Whether it was killed because it had not ended in time.</summary>
    public bool WasKilled { get; private init; }

    /// <summary>Runs a program; one that does not end in time is killed, and the test fails with what it had printed.</summary>
    /// <param name="program">The assembly's name; it is beside the tests.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="environment">Variables that it gets besides those of the tests.</param>
    public static async Task<ProgramRun> OfAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var deadline = new CancellationTokenSource(timeout, TimeProvider.System);
        ProgramRun run = await OfDotnetAsync([Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments], deadline.Token, environment);
        Assert.That(run.WasKilled, Is.False, () => $"{program} did not end within {timeout}. It printed:\n{run.Everything}");
        return run;
    }

    /// <summary>Runs <c>dotnet</c>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellationToken">Kills it, if it has not ended by then.</param>
    /// <param name="environment">Variables that it gets besides those of the tests.</param>
    public static async Task<ProgramRun> OfDotnetAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        using Process process = Process.Start(info) ?? throw new InvalidOperationException($"dotnet {arguments[0]} did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool killed = false;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            killed = true;
        }

        return new ProgramRun(process.ExitCode, await output, await errors) { WasKilled = killed };
    }
}
