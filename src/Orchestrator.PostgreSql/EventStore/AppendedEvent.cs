namespace Orchestrator.PostgreSql.EventStore;

/// <summary>What the server gave to an appended event.</summary>
internal readonly record struct AppendedEvent(long Version, long Position);
