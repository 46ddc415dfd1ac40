using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>
/// Activates the forming generation: the row locks on the checkpoints are the barrier, everything behind them belongs to the new generation. One of the strategy Rolling takes over row by row instead.
/// </summary>
internal sealed class GenerationActivator(WorkerSession session)
{
    public async Task<Activation?> RunAsync(ActivateGeneration wanted, CancellationToken cancellationToken)
    {
        var transition = new Transition(session, "activate a generation");
        ExcusedWorker[] excused = [.. wanted.Excused.Select(worker => new ExcusedWorker(worker, Sequence: null))];
        return await transition.RunAsync(excused, token => ActivateAsync(wanted, token), cancellationToken).ConfigureAwait(false);
    }

    private async Task<Activation?> ActivateAsync(ActivateGeneration wanted, CancellationToken cancellationToken)
    {
        (bool rolling, List<MemberProjections>? members) = await ReadMembersAsync(wanted, cancellationToken).ConfigureAwait(false);
        if (members is null)
        {
            return null;
        }

        if (rolling)
        {
            return await new RowTakeOver(session, wanted.GenerationId).RunAsync(members, cancellationToken).ConfigureAwait(false);
        }

        List<Checkpoint> rows = await CheckpointRows.ReadAsync(session.Connection.Command(session.Sql["activate_lock_checkpoints"], session.ReplicaSet), cancellationToken).ConfigureAwait(false);
        ImmutableArray<Checkpoint> cut = CheckpointRecut.Cut(rows, members, wanted.GenerationId);
        await using NpgsqlBatch batch = new NpgsqlBatch(session.Connection)
            .WithCheckpoints(session, rows, cut)
            .WithActivation(session, wanted.GenerationId, [.. members.Select(member => member.WorkerId)]);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return Activation.Of(cut.Select(row => (row.Projection, row.WorkerId)));
    }

    /// <summary>The members with their projections, or null when the activation must not happen (any more).</summary>
    private async Task<(bool Rolling, List<MemberProjections>? Members)> ReadMembersAsync(ActivateGeneration wanted, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(session.Sql["activate_waits"], session.ReplicaSet, wanted.GenerationId, wanted.Excused.ToArray())
            .With(session.Sql["activate_members"], session.ReplicaSet, wanted.GenerationId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool rolling = reader.GetBoolean(0);
        if (!rolling && reader.GetBoolean(1))
        {
            return (rolling, null);
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        var members = new List<MemberProjections>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.IsDBNull(1))
            {
                return (rolling, null);
            }

            members.Add(new MemberProjections(reader.GetGuid(0), [.. reader.GetFieldValue<string[]>(1)], reader.GetInt32(2)));
        }

        return (rolling, members.Count > 0 ? members : null);
    }
}
