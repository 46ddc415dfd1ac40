namespace Orchestrator.ChaosTests.Checking;

/// <summary>The checker's SQL.</summary>
internal static class CheckStatements
{
    /// <summary>What projections write to: rows are added, never changed.</summary>
    public const string CreateTraces =
        """
        CREATE TABLE trace (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, projection text NOT NULL, event_id uuid NOT NULL, aggregate_id text NOT NULL, version bigint NOT NULL, position bigint NOT NULL,
          worker_id uuid NOT NULL, generation_id bigint NOT NULL);
        CREATE TABLE effects (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, projection text NOT NULL, event_id uuid NOT NULL, aggregate_id text NOT NULL, version bigint NOT NULL, position bigint NOT NULL,
          key uuid NOT NULL)
        """;

    /// <summary>What the clients remember.</summary>
    public const string CreateRemembered =
        "CREATE TABLE IF NOT EXISTS remembered (event_id uuid PRIMARY KEY, aggregate_id text NOT NULL, event_type text NOT NULL, sequence bigint NOT NULL, outcome text NOT NULL); TRUNCATE remembered";

    /// <summary>The log against the clients' memory: what was acknowledged is there, what was refused is not, and each client's events are in its order.</summary>
    public const string Log =
        """
        SELECT
          (SELECT count(*) FROM events),
          (SELECT count(*) FROM remembered r WHERE outcome = 'Acknowledged' AND NOT EXISTS (SELECT FROM events e WHERE e.event_id = r.event_id AND e.aggregate_id = r.aggregate_id)),
          (SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM events GROUP BY event_id) t),
          (SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT FROM remembered r WHERE r.event_id = e.event_id AND r.outcome <> 'Refused')),
          (SELECT count(*) FROM (
            SELECT e.aggregate_version AS version, lag(e.aggregate_version) OVER (PARTITION BY e.aggregate_id ORDER BY r.sequence) AS before
            FROM remembered r JOIN events e USING (event_id) WHERE r.outcome = 'Acknowledged') t WHERE version <= before)
        """;

    private const string Wanted =
        """
        WITH wanted AS (
          SELECT e.event_id, e.aggregate_id, e.aggregate_version AS version, e.global_position AS position FROM remembered r JOIN events e USING (event_id)
          WHERE r.outcome <> 'Refused' AND ($2 IS NULL OR r.event_type = $2))
        """;

    /// <summary>A projection ($1), which wants events of one type ($2) or all: each once, each aggregate's in order.</summary>
    public const string Trace =
        $"""
        {Wanted},
        seen AS (SELECT * FROM trace WHERE projection = $1)
        SELECT
          (SELECT count(*) FROM wanted),
          (SELECT count(*) FROM wanted w WHERE NOT EXISTS (SELECT FROM seen s WHERE s.event_id = w.event_id)),
          (SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM seen GROUP BY event_id) t),
          (SELECT count(*) FROM seen s WHERE NOT EXISTS (SELECT FROM wanted w WHERE (w.event_id, w.aggregate_id, w.version, w.position) = (s.event_id, s.aggregate_id, s.version, s.position))),
          (SELECT count(*) FROM (SELECT version, lag(version) OVER (PARTITION BY aggregate_id ORDER BY id) AS before FROM seen) t WHERE version <= before)
        """;

    /// <summary>Effects: each at least once, always under one key that no other event has, and the first of each in order. The last number says how many were repeated.</summary>
    public const string Effects =
        $"""
        {Wanted},
        seen AS (SELECT * FROM effects WHERE projection = $1),
        first AS (SELECT DISTINCT ON (event_id) * FROM seen ORDER BY event_id, id)
        SELECT
          (SELECT count(*) FROM wanted),
          (SELECT count(*) FROM wanted w WHERE NOT EXISTS (SELECT FROM first s WHERE s.event_id = w.event_id)),
          (SELECT 2 * count(DISTINCT (event_id, key)) - count(DISTINCT event_id) - count(DISTINCT key) FROM seen),
          (SELECT count(*) FROM first s WHERE NOT EXISTS (SELECT FROM wanted w WHERE (w.event_id, w.aggregate_id, w.version, w.position) = (s.event_id, s.aggregate_id, s.version, s.position))),
          (SELECT count(*) FROM (SELECT version, lag(version) OVER (PARTITION BY aggregate_id ORDER BY id) AS before FROM first) t WHERE version <= before),
          (SELECT count(*) - count(DISTINCT event_id) FROM seen)
        """;
}
