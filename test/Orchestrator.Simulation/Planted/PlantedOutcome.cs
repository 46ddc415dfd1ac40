using System.Globalization;

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
        (int exitCode, string output) = await PlantedBuild.RunAsync(arguments, cancellationToken);

        // Anything but 0 and 1 is a program that has not run.
        return exitCode is 0 or 1 ? new PlantedOutcome(exitCode == 1, output) : throw new InvalidOperationException($"The program with the bug {bug.Name} ended with {exitCode}: {output}");
    }
}
