using Npgsql;
using Orchestrator.ChaosTests.World;

namespace Orchestrator.ChaosTests.Faults;

/// <summary>Somebody else's session holds the lock of a checkpoint for a while, as from psql. Batches and activations wait for it; it must not be ended.</summary>
internal sealed class LockCheckpoint : IFault
{
    private const int MostRows = 40;

    public string Name => "foreign-lock";

    public async Task<bool> StrikeAsync(ChaosWorld world, Random random)
    {
        await using NpgsqlConnection connection = await world.Log.DataSource.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        try
        {
            // One row: with several, it could deadlock with an activation.
            await using var command = new NpgsqlCommand(
                "SELECT slot_from FROM projection_checkpoints ORDER BY projection_name, slot_from OFFSET $1 % (SELECT greatest(count(*), 1) FROM projection_checkpoints) LIMIT 1 FOR UPDATE", connection, transaction);
            command.Parameters.Add(new NpgsqlParameter { Value = random.Next(MostRows) });
            object? locked = await command.ExecuteScalarAsync();
            await random.PauseAsync(0.5, 6);
            await transaction.CommitAsync();
            return locked is not null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.AdminShutdown)
        {
            world.Findings.Add($"{Name}: a session that is none of the workers' was ended: {exception.MessageText}");
            return true;
        }
    }
}
