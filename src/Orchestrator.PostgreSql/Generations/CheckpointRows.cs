using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.Hosting.Generations;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.PostgreSql.Generations;

/// <summary>Reads and writes the rows of a replica set inside a transition.</summary>
internal static class CheckpointRows
{
    /// <summary>Reads the current result.</summary>
    public static async Task<List<Checkpoint>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<Checkpoint>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(new Checkpoint(
                reader.GetString(0), reader.GetInt32(1), new SlotRange(reader.GetInt32(2), reader.GetInt32(3)), reader.GetInt64(4), reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetGuid(6)));
        }

        return rows;
    }

    /// <summary>Reads the result of a command.</summary>
    public static async Task<List<Checkpoint>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command.ConfigureAwait(false))
        {
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            return await ReadAsync(reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds what replaces rows by others.</summary>
    /// <param name="batch">The writes of the transition.</param>
    /// <param name="session">The session.</param>
    /// <param name="rows">The rows as they are, locked.</param>
    /// <param name="cut">The rows that are to be in their place.</param>
    public static NpgsqlBatch WithCheckpoints(this NpgsqlBatch batch, WorkerSession session, IReadOnlyCollection<Checkpoint> rows, IReadOnlyCollection<Checkpoint> cut)
    {
        var kept = cut.Select(Key).ToHashSet();
        Checkpoint[] gone = [.. rows.Where(row => !kept.Contains(Key(row)))];
        return batch
            .With(
                session.Sql["activate_delete_checkpoints"], session.ReplicaSet, Column(gone, row => row.Projection), Column(gone, row => row.Version),
                Column(gone, row => row.Slots.From))
            .With(
                session.Sql["activate_write_checkpoints"], session.ReplicaSet, Column(cut, row => row.Projection), Column(cut, row => row.Version),
                Column(cut, row => row.Slots.From), Column(cut, row => row.Slots.To), Column(cut, row => row.Position), Column(cut, row => row.GenerationId),
                Column(cut, row => row.WorkerId));
    }

    /// <summary>Adds what makes a generation the active one, and tells everybody.</summary>
    public static NpgsqlBatch WithActivation(this NpgsqlBatch batch, WorkerSession session, long generationId, Guid[] members) => batch
        .With(session.Sql["activate_supersede"], session.ReplicaSet)
        .With(session.Sql["activate_generation"], session.ReplicaSet, generationId)
        .With(session.Sql["activate_partitions"], session.ReplicaSet, members)
        .With(session.Sql["notify_replica_set"], session.Channel);

    private static (string Projection, int Version, int From) Key(Checkpoint row) => (row.Projection, row.Version, row.Slots.From);

    private static T[] Column<T>(IEnumerable<Checkpoint> rows, Func<Checkpoint, T> select) => [.. rows.Select(select)];
}
