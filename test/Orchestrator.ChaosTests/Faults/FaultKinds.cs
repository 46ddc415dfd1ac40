namespace Orchestrator.ChaosTests.Faults;

/// <summary>All kinds of faults.</summary>
internal static class FaultKinds
{
    public static IReadOnlyList<IFault> CreateAll() =>
    [
        new Kill(), new Terminate(), Freeze.Shortly, Freeze.Long, new JoinAndLeave(),
        new RestartServer(), EndSession.Control, EndSession.Heartbeat, EndSession.Work, new LockCheckpoint(),
        new CutNetwork(), new DelayNetwork(), new SilenceNetwork(), CutAtCommit.BeforeRequest, CutAtCommit.BeforeAnswer, CutAtCommit.AfterAnswer,
        new SlowAppend(), new RolledBackAppend(), new FillDisk(), new StarveThreads(), new ShiftClock(), new UseBouncer(),
    ];

    /// <summary>The kinds whose names begin with one of these; no names: all.</summary>
    public static IReadOnlyList<IFault> Named(IReadOnlyCollection<string> names) =>
        [.. CreateAll().Where(kind => names.Count == 0 || names.Any(name => kind.Name.StartsWith(name, StringComparison.Ordinal)))];
}
