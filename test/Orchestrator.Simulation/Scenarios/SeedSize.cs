using Orchestrator.Simulation.Scheduling;

namespace Orchestrator.Simulation.Scenarios;

/// <summary>
/// How much happens in a seed. Most are small: few faults close to each other, little to do between them, and time-outs as short as that time is. What takes long, or many faults behind each other, is left
/// to the large ones.
/// </summary>
/// <param name="Troubled">The time in which there are faults.</param>
/// <param name="Faults">How many faults.</param>
/// <param name="Events">How many events are appended, at least.</param>
/// <param name="Patience">How long the time-outs are, and the faults with them; 1: long.</param>
internal sealed record SeedSize(TimeSpan Troubled, int Faults, int Events, double Patience)
{
    /// <summary>Draws one.</summary>
    public static SeedSize Of(World world) => world.Chance(0.1)
        ? new SeedSize(world.Between(200, 1_500), world.Random.Next(1, 9), world.Random.Next(8, 40), Patience: 1)
        : new SeedSize(world.Between(120, 500), world.Random.Next(1, 6), world.Random.Next(5, 15), Patience: 0.4);
}
