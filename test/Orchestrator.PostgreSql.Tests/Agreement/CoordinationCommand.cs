using Orchestrator.Hosting.Configuration;

namespace Orchestrator.PostgreSql.Tests.Agreement;

/// <summary>Something that one of a few workers asks of a provider. Workers are numbered in the order of their registration, generations in that of their forming: ids differ from provider to provider.</summary>
internal abstract record CoordinationCommand
{
    private CoordinationCommand()
    {
    }

    public sealed record Register(int Worker, string Projections, int Lanes, bool IsStatic) : CoordinationCommand;

    public sealed record Beat(int Worker) : CoordinationCommand;

    public sealed record ReadView(int Worker, bool TryToLead) : CoordinationCommand;

    public sealed record ReadRoster(int Worker) : CoordinationCommand;

    public sealed record Acknowledge(int Worker, int Generation) : CoordinationCommand;

    /// <summary>Takes a worker off the roster: as dead, or as stale since a heartbeat that was seen some beats ago.</summary>
    public sealed record Remove(int By, int Worker, bool AsDead, int BeatsAgo) : CoordinationCommand;

    public sealed record Form(int By, int? ExpectedActive, int? ExpectedForming, string Members, RebalanceStrategy Strategy) : CoordinationCommand;

    public sealed record Activate(int By, int Generation, string Excused) : CoordinationCommand;

    public sealed record Take(int Worker, int Key, int Total) : CoordinationCommand;

    public sealed record Leave(int Worker) : CoordinationCommand;

    /// <summary>The control session ends without a word.</summary>
    public sealed record LoseSession(int Worker) : CoordinationCommand;

    public sealed record Load(int Worker) : CoordinationCommand;

    /// <summary>Begins a batch over the n-th of the rows that a worker has loaded, as it remembers it.</summary>
    public sealed record Begin(int Worker, int Row) : CoordinationCommand;

    public sealed record Commit(int Worker, int Events) : CoordinationCommand;

    public sealed record RollBack(int Worker) : CoordinationCommand;

    public sealed record Merge(int Worker, int LowerRow) : CoordinationCommand;

    public sealed record ReadProgress : CoordinationCommand;
}
