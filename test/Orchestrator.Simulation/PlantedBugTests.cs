using Orchestrator.Simulation.Planted;

namespace Orchestrator.Simulation;

/// <summary>Whether the simulation sees bugs: some are planted into the code that ships, and must be found.</summary>
public sealed class PlantedBugTests
{
    private static IEnumerable<string> All => PlantedBugs.All.Select(bug => bug.Name);

    // Building takes its time: one of each kind here, all of them by the command line.
    private static IEnumerable<string> Some => ["recut-unequal", "horizon-order"];

    [TestCaseSource(nameof(All))]
    public void Apply_ToTheCodeAsItIs_ChangesIt(string name)
    {
        PlantedBug bug = PlantedBugs.Find(name)!;
        foreach (string file in bug.Edits.Select(edit => edit.File).Distinct())
        {
            Assert.That(PlantedBuild.Apply(bug, file), Does.Contain(bug.Edits.Last(edit => edit.File == file).Planted));
        }
    }

    [TestCaseSource(nameof(Some))]
    public async Task LookFor_PlantedBug_FindsIt(string name)
    {
        PlantedOutcome outcome = await PlantedOutcome.LookForAsync(PlantedBugs.Find(name)!, from: 1, seeds: 2_000, TestContext.CurrentContext.CancellationToken);

        Assert.That(outcome.Found, outcome.Output);
    }
}
