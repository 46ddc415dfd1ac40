using Npgsql;
using Orchestrator.Hosting.Doctor;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>Reads the answer to <c>horizon_holders</c>.</summary>
internal static class HorizonHolders
{
    /// <summary>Reads every row.</summary>
    /// <param name="reader">The answer.</param>
    /// <param name="showStatements">Whether last statements are shown; without comments and literal values in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<HorizonHolder>> ReadAsync(NpgsqlDataReader reader, bool showStatements, CancellationToken cancellationToken)
    {
        var holders = new List<HorizonHolder>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            holders.Add(new HorizonHolder
            {
                ProcessId = reader.IsDBNull(0) ? null : reader.GetInt32(0),
                PreparedTransaction = TextOrNull(reader, 1),
                ApplicationName = TextOrNull(reader, 2),
                UserName = TextOrNull(reader, 3),
                ClientAddress = TextOrNull(reader, 4),
                State = TextOrNull(reader, 5),
                Since = reader.IsDBNull(6) ? null : new DateTimeOffset(reader.GetDateTime(6)),
                Age = reader.IsDBNull(7) ? null : TimeSpan.FromSeconds(reader.GetDouble(7)),
                LastStatement = showStatements && TextOrNull(reader, 8) is { } statement ? StatementShape.Of(statement) : null,
                EndStatement = TextOrNull(reader, 9),
            });
        }

        return holders;
    }

    private static string? TextOrNull(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
