namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Where in PostgreSQL the log and the coordination live. Bound from <c>Orchestrator:PostgreSql</c>, which wins over code.</summary>
/// <remarks>Names of schemas and tables match <c>^[a-z_][a-z0-9_]{0,62}$</c>.</remarks>
public sealed class PostgreSqlOptions
{
    /// <summary>The database, as an Npgsql connection string. Required, unless <c>UsePostgreSql()</c> is called without one: then the data source among the services is taken, and a value here wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The same database, for the sessions that are kept open: control, heartbeat, horizon, LISTEN. Where <see cref="ConnectionString"/> or the data source leads through a proxy that pools transactions (PgBouncer),
    /// set this to a direct connection or to a port that pools sessions: else workers live by heartbeats alone, and a killed one is replaced after <c>StaleWorkerTimeout</c> instead of at once. Behind such a proxy name the
    /// schema by <see cref="Schema"/>, not by a search path. Default: the same as <see cref="ConnectionString"/>; without that, sessions are borrowed from the data source's pool.
    /// </summary>
    public string? CoordinationConnectionString { get; set; }

    /// <summary>The schema of every table. Default: null, the first schema of the connection's search path.</summary>
    public string? Schema { get; set; }

    /// <summary>The event log. Default: <c>events</c>.</summary>
    public string EventsTable { get; set; } = "events";

    /// <summary>Each aggregate's version. Default: <c>aggregate_heads</c>.</summary>
    public string AggregateHeadsTable { get; set; } = "aggregate_heads";

    /// <summary>The projections' checkpoints. Default: <c>projection_checkpoints</c>.</summary>
    public string CheckpointsTable { get; set; } = "projection_checkpoints";

    /// <summary>The replica sets. Default: <c>orchestrator_replica_sets</c>.</summary>
    public string ReplicaSetsTable { get; set; } = "orchestrator_replica_sets";

    /// <summary>The generations. Default: <c>orchestrator_generations</c>.</summary>
    public string GenerationsTable { get; set; } = "orchestrator_generations";

    /// <summary>The workers. Default: <c>orchestrator_workers</c>.</summary>
    public string WorkersTable { get; set; } = "orchestrator_workers";

    /// <summary>The heartbeats. Default: <c>orchestrator_heartbeats</c>.</summary>
    public string HeartbeatsTable { get; set; } = "orchestrator_heartbeats";

    /// <summary>The runs of workflows. Default: <c>orchestrator_workflow_runs</c>.</summary>
    public string WorkflowRunsTable { get; set; } = "orchestrator_workflow_runs";

    /// <summary>What happened in the runs of workflows. Default: <c>orchestrator_workflow_journal</c>.</summary>
    public string WorkflowJournalTable { get; set; } = "orchestrator_workflow_journal";

    /// <summary>Which migrations have been applied. Default: <c>orchestrator_migrations</c>.</summary>
    public string MigrationsTable { get; set; } = "orchestrator_migrations";

    /// <summary>The type of <c>aggregate_id</c> in the log. An existing log may have <c>uuid</c>; a new one is made with what is set here. Default: <see cref="AggregateIdType.Text"/>.</summary>
    public AggregateIdType AggregateIdType { get; set; }

    /// <summary>
    /// Whether migrating first makes an existing events table fit (<see cref="Schema"/>, <see cref="EventsTable"/>), without rewriting a row, and fills the heads. A table that does not fit is refused, and the error says why.
    /// Once that is done, it has no effect. Needs the table's owner. Default: false.
    /// </summary>
    public bool AdoptExistingLog { get; set; }

    /// <summary>Whether a host applies missing migrations when it starts. Needs the right to create tables. Default: false.</summary>
    public bool MigrateOnStart { get; set; }
}
