using Orchestrator.Hosting.Configuration;

namespace Orchestrator.Benchmarks.Servers;

/// <summary>What a worker process is told to run.</summary>
/// <param name="ConnectionString">The database.</param>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="Work">What its projection does.</param>
internal sealed record WorkerOrder(string ConnectionString, string ReplicaSet, WorkerWork Work)
{
    /// <summary>How slots are divided anew.</summary>
    public RebalanceStrategy Strategy { get; init; }

    /// <summary>How long each batch of <see cref="WorkerWork.Report"/> waits on purpose; zero: not at all.</summary>
    public TimeSpan BatchDuration { get; init; }

    /// <summary>The same for a batch with events of <see cref="SteadyAppends.SlowAggregate"/>.</summary>
    public TimeSpan LongestBatch { get; init; }

    /// <summary>The advisory lock that raw notices the process's end by, or null.</summary>
    public long? LockKey { get; init; }
}

/// <summary>What the projection of a worker process does.</summary>
internal enum WorkerWork
{
    /// <summary>Nothing, with the settings of the take-over.</summary>
    Die,

    /// <summary>Writes its commits into a table.</summary>
    Write,

    /// <summary>Remembers its commits until it is asked for them.</summary>
    Report,
}
