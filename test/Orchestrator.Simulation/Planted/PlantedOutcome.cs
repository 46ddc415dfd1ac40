using System.Globalization;
using Orchestrator.Testing.Shared;

namespace Orchestrator.Simulation.Planted;

/// <summary>What came of looking for a planted bug.</summary>
/// <param name="Found">Whether a seed violated an invariant.</param>
/// <param name="Output">What the program with the bug printed.</param>
internal sealed record PlantedOutcome(bool Found, string Output)
{
    /// <summary>Plants a bug and looks for it.</summary>
    public static async Task<PlantedOutcome> LookForAsync(PlantedBug bug, int from, int seeds, CancellationToken cancellationToken)
    {
        using PlantedBuild build = await PlantedBuild.CreateAsync(bug, cancellationToken);
        string[] arguments = [build.Program, "--from", from.ToString(CultureInfo.InvariantCulture), "--seeds", seeds.ToString(CultureInfo.InvariantCulture)];
        ProgramRun run = await ProgramRun.OfDotnetAsync(arguments, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        // Anything but 0 and 1 is a program that has not run.
        return run.ExitCode is 0 or 1
            ? new PlantedOutcome(run.ExitCode == 1, run.Everything)
            : throw new InvalidOperationException($"The program with the bug {bug.Name} ended with {run.ExitCode}: {run.Everything}");
    }
}
