namespace Orchestrator.ChaosTests.Faults;

/// <summary>Chooses at random, as faults need it.</summary>
internal static class Chance
{
    public static TimeSpan Between(this Random random, double leastSeconds, double mostSeconds) => TimeSpan.FromSeconds(leastSeconds + (random.NextDouble() * (mostSeconds - leastSeconds)));

    public static T OneOf<T>(this Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Lets a time between these go by.</summary>
    public static Task PauseAsync(this Random random, double leastSeconds, double mostSeconds) => Task.Delay(random.Between(leastSeconds, mostSeconds), TimeProvider.System, CancellationToken.None);
}
