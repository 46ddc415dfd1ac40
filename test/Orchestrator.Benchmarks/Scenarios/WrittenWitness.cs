using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.Benchmarks.Scenarios;

/// <summary>A projection that writes when it committed events of an aggregate first and last in a generation: for workers in processes of their own.</summary>
internal sealed class WrittenWitness : IBatchProjection
{
    /// <summary>What it writes to. Times are the server's, as each statement runs.</summary>
    public const string Tables =
        "CREATE TABLE witnessed (generation_id bigint, aggregate_id text, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, PRIMARY KEY (generation_id, aggregate_id)) WITH (fillfactor = 50)";

    private const string Write =
        """
        INSERT INTO witnessed SELECT $1, aggregate_id, clock_timestamp(), clock_timestamp() FROM unnest($2::text[]) AS aggregate_id
        ON CONFLICT (generation_id, aggregate_id) DO UPDATE SET last_at = excluded.last_at
        """;

    public ValueTask HandleAsync(IReadOnlyList<PersistedEvent> events, ProjectionContext context, CancellationToken cancellationToken)
    {
        string[] aggregates = [.. events.Select(e => e.AggregateId).Distinct()];
        context.Enqueue(Write, context.GenerationId, aggregates);
        return ValueTask.CompletedTask;
    }
}
