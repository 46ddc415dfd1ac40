namespace QuickStart.CommandLine;

/// <summary>What the user asked for.</summary>
/// <param name="Repository">The repository to import; null: the one it runs in.</param>
/// <param name="Workers">How many workers; 1 or greater.</param>
/// <param name="Generate">How many commits a generated history has; null: generate only where there is no other, with <see cref="DefaultCommits"/>.</param>
/// <param name="Seed">The seed of a generated history and of the chaos.</param>
/// <param name="Chaos">Whether workers are killed, frozen and started while they run.</param>
/// <param name="InMemory">Whether to run without PostgreSQL even where there is one.</param>
internal sealed record RunOptions(string? Repository, int Workers, int? Generate, int Seed, bool Chaos, bool InMemory)
{
    public const int DefaultCommits = 20_000;
    public const int DefaultWorkers = 3;
    public const int MostWorkers = 32;
}
