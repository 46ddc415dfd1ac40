namespace Orchestrator.Simulation.Scenarios;

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary>A process ends between two awaits.</summary>
    Crash,

    /// <summary>A process does nothing for a time.</summary>
    Freeze,

    /// <summary>A process does nothing any more, and what it has open at the server stays open.</summary>
    FreezeForever,

    /// <summary>A reply is lost, and perhaps the next request.</summary>
    LoseReply,

    /// <summary>A request is lost.</summary>
    LoseRequest,

    /// <summary>A worker's control session ends.</summary>
    LoseControlSession,

    /// <summary>A process stops in order.</summary>
    Stop,

    /// <summary>Some of a process's messages are long on their way.</summary>
    SlowNetwork,

    /// <summary>The server crashes.</summary>
    CrashServer,

    /// <summary>One more process starts.</summary>
    Start,
}
