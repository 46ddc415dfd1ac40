using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>A kind of fault.</summary>
internal interface IFault
{
    /// <summary>Its name, in the output and on the command line.</summary>
    string Name { get; }

    /// <summary>Why this machine cannot cause it; null: it can.</summary>
    string? WhyNot(ChaosWorld world) => null;

    /// <summary>Causes it once, and makes good again what does not heal by itself.</summary>
    /// <param name="world">What it happens to.</param>
    /// <param name="random">Chooses where and for how long.</param>
    /// <returns>Whether it has struck. Not, where there was nothing that it could have struck just then.</returns>
    Task<bool> StrikeAsync(ChaosWorld world, Random random);
}
