using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>Forms a generation, if the rows still are what the decision was based on.</summary>
internal sealed class GenerationFormer(WorkerSession session)
{
    public async Task<long?> RunAsync(FormGeneration wanted, CancellationToken cancellationToken)
    {
        var transition = new Transition(session, "form a generation");
        Generation? formed = await transition.RunAsync([], token => FormAsync(wanted, token), cancellationToken).ConfigureAwait(false);
        return formed?.Id;
    }

    private async Task<Generation?> FormAsync(FormGeneration wanted, CancellationToken cancellationToken)
    {
        Guid[] members = [.. wanted.Members];
        if (!await IsStillWantedAsync(wanted, members, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        await using var batch = new NpgsqlBatch(session.Connection);
        batch.With(session.Sql["form_supersede"], session.ReplicaSet)
            .With(session.Sql["form_generation"], session.ReplicaSet, members, session.WorkerId, wanted.Reason, StrategyNames.Of(wanted.Strategy))
            .With(session.Sql["notify_replica_set"], session.Channel);
        object? id = await batch.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        return new Generation((long)id!, wanted.Members);
    }

    private async Task<bool> IsStillWantedAsync(FormGeneration wanted, Guid[] members, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = session.Connection.Command(session.Sql["form_check"], session.ReplicaSet, members);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return ReadId(reader, 0) == wanted.ExpectedActive && ReadId(reader, 1) == wanted.ExpectedForming && reader.GetInt64(2) == members.Length
            && reader.GetInt64(3) == 0;
    }

    private static long? ReadId(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);
}
