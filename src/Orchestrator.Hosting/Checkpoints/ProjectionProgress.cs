namespace Orchestrator.Hosting.Checkpoints;

/// <summary>How far a projection is.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Position">The position that all its rows have reached.</param>
internal sealed record ProjectionProgress(string Projection, long Position);
