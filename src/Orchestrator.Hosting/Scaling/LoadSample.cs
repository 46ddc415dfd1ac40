using System.Collections.Immutable;

namespace Orchestrator.Hosting.Scaling;

/// <summary>What one worker knows of its replica set's work at one moment.</summary>
/// <param name="At">The timestamp.</param>
/// <param name="GenerationId">The generation in which it works.</param>
/// <param name="Workers">How many share the log.</param>
/// <param name="End">The last position of the log.</param>
/// <param name="Projections">Those that have not stopped.</param>
internal sealed record LoadSample(long At, long GenerationId, int Workers, long End, ImmutableArray<ProjectionLoad> Projections);

/// <summary>How one projection is doing in this worker's share. Positions are those of the whole log, so nobody need know how large the share is: all shares move at the same time.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Position">How far its hindmost row is.</param>
/// <param name="Busy">For how long it has been at batches since it began, a lane on average.</param>
internal sealed record ProjectionLoad(string Name, long Position, TimeSpan Busy);
