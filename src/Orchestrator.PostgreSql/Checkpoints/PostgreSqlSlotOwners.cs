using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Hosting.Checkpoints;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Sql;

namespace Orchestrator.PostgreSql.Checkpoints;

/// <summary>Asks the checkpoints which slots nobody owns.</summary>
internal sealed class PostgreSqlSlotOwners(PostgreSqlConnections connections, SqlCatalog sql) : ISlotOwners
{
    public async Task<ImmutableArray<UnownedSlots>> ReadUnownedAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await connections.Work.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = connection.Command(sql["read_unowned_slots"]);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var unowned = ImmutableArray.CreateBuilder<UnownedSlots>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            unowned.Add(new UnownedSlots(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)));
        }

        return unowned.DrainToImmutable();
    }
}
