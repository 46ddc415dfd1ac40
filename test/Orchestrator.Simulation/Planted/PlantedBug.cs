namespace Orchestrator.Simulation.Planted;

/// <summary>A bug to be planted into the code that ships, to see whether the simulation finds it.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="What">What is wrong then.</param>
/// <param name="Edits">How the code is changed; all in one project.</param>
internal sealed record PlantedBug(string Name, string What, params Edit[] Edits)
{
    public override string ToString() => Name;
}

/// <summary>One change of one file.</summary>
/// <param name="File">The file, from the folder of the solution.</param>
/// <param name="Original">What stands there, once.</param>
/// <param name="Planted">What stands there instead.</param>
internal sealed record Edit(string File, string Original, string Planted);
