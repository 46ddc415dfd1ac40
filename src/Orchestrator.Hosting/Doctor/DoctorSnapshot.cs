namespace Orchestrator.Hosting.Doctor;

/// <summary>What a provider reads for the doctor, all at one moment. Ages are by the provider's clock.</summary>
/// <param name="Horizon">Who holds the horizon.</param>
/// <param name="Workers">Every registered worker.</param>
/// <param name="ReplicaSets">Every replica set that there ever was.</param>
/// <param name="Projections">The checkpoints of every projection, summed up.</param>
/// <param name="Strangers">Sessions of workers that are not registered here.</param>
/// <param name="Connections">How scarce connections are; null: unknown, or without meaning.</param>
internal sealed record DoctorSnapshot(
    HorizonReport Horizon,
    IReadOnlyList<SeenWorker> Workers,
    IReadOnlyList<SeenReplicaSet> ReplicaSets,
    IReadOnlyList<SeenProjection> Projections,
    IReadOnlyList<SeenStranger> Strangers,
    SeenConnections? Connections);

/// <summary>A registered worker.</summary>
/// <param name="ReplicaSet">Its replica set.</param>
/// <param name="Name">Who it is, in words.</param>
/// <param name="IsStatic">Whether its partition is set by hand.</param>
/// <param name="Projections">What it can run.</param>
/// <param name="Registered">How long ago it registered.</param>
/// <param name="HeartbeatAge">How long ago its last heartbeat came; null: unknown.</param>
/// <param name="IsGone">Whether its session is gone, and it is on the roster all the same.</param>
internal sealed record SeenWorker(string ReplicaSet, string Name, bool IsStatic, IReadOnlyList<string> Projections, TimeSpan Registered, TimeSpan? HeartbeatAge, bool IsGone);

/// <summary>A replica set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Forming">For how long a generation has been forming; null: none is.</param>
/// <param name="RecentGenerations">How many generations were formed within the last ten minutes.</param>
/// <param name="RecentReasons">Why, the newest first.</param>
internal sealed record SeenReplicaSet(string Name, TimeSpan? Forming, int RecentGenerations, IReadOnlyList<string> RecentReasons);

/// <summary>A projection of a replica set.</summary>
/// <param name="ReplicaSet">Its replica set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Position">The position that all of its rows have reached.</param>
/// <param name="SinceMoved">How long ago the row that is hindmost was moved or given away.</param>
/// <param name="UnownedSlots">How many slots have no registered owner.</param>
internal sealed record SeenProjection(string ReplicaSet, string Name, long Position, TimeSpan SinceMoved, int UnownedSlots);

/// <summary>A worker's session that belongs to no worker registered here.</summary>
/// <param name="Database">The database that it is connected to.</param>
/// <param name="IsHere">Whether that is this one.</param>
/// <param name="ReplicaSet">Its replica set, as its name says.</param>
internal sealed record SeenStranger(string Database, bool IsHere, string ReplicaSet);

/// <summary>How scarce the server's connections are.</summary>
/// <param name="Used">How many there are.</param>
/// <param name="Most">How many there may be.</param>
internal sealed record SeenConnections(int Used, int Most);
