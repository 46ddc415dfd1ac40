namespace QuickStart.Progress;

/// <summary>How far everything is at one moment.</summary>
/// <param name="Imported">Events appended so far.</param>
/// <param name="ImportIsDone">Whether that is all.</param>
/// <param name="ReplicaSets">Who does what.</param>
/// <param name="Projections">How far each projection is.</param>
internal sealed record ProgressSnapshot(
    long Imported, bool ImportIsDone, IReadOnlyList<ReplicaSetProgress> ReplicaSets, IReadOnlyList<ProjectionProgress> Projections)
{
    /// <summary>Whether every projection is at the end of the log.</summary>
    public bool IsDone(int projections) => ImportIsDone && Projections.Count == projections && Projections.All(projection => projection.IsAtEnd);
}

/// <summary>One replica set's active generation.</summary>
/// <param name="Name">The replica set.</param>
/// <param name="Generation">The generation's id; 0 while there is none.</param>
/// <param name="Partitions">For each partition the process that has it; null: nobody that is still registered.</param>
internal sealed record ReplicaSetProgress(string Name, long Generation, IReadOnlyList<int?> Partitions)
{
    public string Describe() => Generation == 0
        ? $"{Name}: forming"
        : $"{Name}: generation {Generation}: {string.Join(", ", Partitions.Select((process, k) => $"partition {k} of {Partitions.Count} process {(process is { } id ? id : "-")}"))}";
}

/// <summary>One projection.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Position">How far it is: in positions of the log, the mean over all slots.</param>
/// <param name="End">The log's last position.</param>
/// <param name="IsAtEnd">Whether every slot is at the end.</param>
internal sealed record ProjectionProgress(string Name, long Position, long End, bool IsAtEnd);
