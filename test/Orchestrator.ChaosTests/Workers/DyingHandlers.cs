using System.Diagnostics;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Orchestrator.ChaosTests.Workers;

/// <summary>Where a worker process kills itself, so that it ends exactly there and nothing is tidied up.</summary>
/// <param name="Projection">In which projection; empty: nowhere.</param>
/// <param name="Position">At which event, once its handler has done its work.</param>
internal sealed record PointOfDeath(string Projection, long Position)
{
    public void Pass(string projection, PersistedEvent e)
    {
        if (projection == Projection && e.GlobalPosition == Position)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}

/// <summary>Writes what it is given at once, so that the server has it in the open transaction when the process dies.</summary>
[Projection(Name)]
internal sealed class DyingTrace(PointOfDeath death) : IProjection
{
    public const string Name = "dying-trace";

    public async ValueTask HandleAsync(PersistedEvent e, ProjectionContext context, CancellationToken cancellationToken)
    {
        context.Enqueue(
            "INSERT INTO trace (projection, aggregate_id, version, position, worker_id, generation_id) VALUES ($1, $2, $3, $4, $5, $6)",
            context.Projection, e.AggregateId, e.AggregateVersion, e.GlobalPosition, context.WorkerId, context.GenerationId);
        await context.GetConnectionAsync(cancellationToken);
        death.Pass(context.Projection, e);
    }
}

/// <summary>An effect that can be counted: a row that is committed at once, over a connection of its own.</summary>
[Projection(Name)]
internal sealed class DyingEffects(PointOfDeath death, NpgsqlDataSource outside) : IEffectHandler
{
    public const string Name = "dying-effects";

    public async ValueTask HandleAsync(PersistedEvent e, EffectContext context, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand insert = outside.CreateCommand("INSERT INTO effects (position, key) VALUES ($1, $2)");
        insert.Parameters.Add(new NpgsqlParameter { Value = e.GlobalPosition });
        insert.Parameters.Add(new NpgsqlParameter { Value = context.IdempotencyKey });
        await insert.ExecuteNonQueryAsync(cancellationToken);
        death.Pass(context.Projection, e);
    }
}
