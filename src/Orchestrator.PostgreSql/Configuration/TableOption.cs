namespace Orchestrator.PostgreSql.Configuration;

/// <summary>One of the configurable table names: its key in <see cref="PostgreSqlOptions"/> and its default.</summary>
internal sealed record TableOption(string Key, string DefaultName, Func<PostgreSqlOptions, string> Get, Action<PostgreSqlOptions, string> Set)
{
    /// <summary>Every table that has a name in the options.</summary>
    public static IReadOnlyList<TableOption> All { get; } =
    [
        new(nameof(PostgreSqlOptions.EventsTable), "events", o => o.EventsTable, (o, name) => o.EventsTable = name),
        new(nameof(PostgreSqlOptions.AggregateHeadsTable), "aggregate_heads", o => o.AggregateHeadsTable, (o, name) => o.AggregateHeadsTable = name),
        new(nameof(PostgreSqlOptions.CheckpointsTable), "projection_checkpoints", o => o.CheckpointsTable, (o, name) => o.CheckpointsTable = name),
        new(nameof(PostgreSqlOptions.ReplicaSetsTable), "orchestrator_replica_sets", o => o.ReplicaSetsTable, (o, name) => o.ReplicaSetsTable = name),
        new(nameof(PostgreSqlOptions.GenerationsTable), "orchestrator_generations", o => o.GenerationsTable, (o, name) => o.GenerationsTable = name),
        new(nameof(PostgreSqlOptions.WorkersTable), "orchestrator_workers", o => o.WorkersTable, (o, name) => o.WorkersTable = name),
        new(nameof(PostgreSqlOptions.HeartbeatsTable), "orchestrator_heartbeats", o => o.HeartbeatsTable, (o, name) => o.HeartbeatsTable = name),
        new(nameof(PostgreSqlOptions.WorkflowRunsTable), "orchestrator_workflow_runs", o => o.WorkflowRunsTable, (o, name) => o.WorkflowRunsTable = name),
        new(nameof(PostgreSqlOptions.WorkflowJournalTable), "orchestrator_workflow_journal", o => o.WorkflowJournalTable, (o, name) => o.WorkflowJournalTable = name),
        new(nameof(PostgreSqlOptions.MigrationsTable), "orchestrator_migrations", o => o.MigrationsTable, (o, name) => o.MigrationsTable = name),
    ];
}
