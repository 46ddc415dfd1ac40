using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.EventStore;

/// <summary>Refuses ids that the log's column cannot hold as they are written. Another spelling of a UUID would come back changed, and two spellings would be one aggregate.</summary>
internal static class AggregateIds
{
    /// <summary>Checks.</summary>
    /// <exception cref="ArgumentException">The column is <c>uuid</c>, and the id is no UUID in its usual form.</exception>
    public static void Check(AggregateIdType type, string aggregateId)
    {
        if (type == AggregateIdType.Uuid && !(Guid.TryParseExact(aggregateId, "D", out Guid id) && id.ToString() == aggregateId))
        {
            throw new ArgumentException(
                $"The log's aggregate_id is uuid (Orchestrator:PostgreSql:AggregateIdType), and '{aggregateId}' is not written as Guid.ToString() does: 32 lower-case digits and four hyphens.", nameof(aggregateId));
        }
    }
}
