namespace Orchestrator.PostgreSql.EventLog;

/// <summary>What one look at the log found, in the order in which it was looked at.</summary>
/// <param name="LastValue">First: the last position drawn.</param>
/// <param name="Holders">Then: the transactions that may hold positions which are not visible yet, by their virtual transaction ids.</param>
/// <param name="ContiguousTo">Last: the end of the run without a gap behind the horizon known so far.</param>
/// <param name="ReadAt">The TimeProvider's timestamp from before the query was sent.</param>
internal sealed record HorizonObservation(long LastValue, IReadOnlyCollection<string> Holders, long ContiguousTo, long ReadAt);
