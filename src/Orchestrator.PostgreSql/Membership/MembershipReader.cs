using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Hosting.Generations;
using Orchestrator.Hosting.Membership;
using Orchestrator.PostgreSql.Generations;

namespace Orchestrator.PostgreSql.Membership;

/// <summary>Turns the rows of <c>read_membership_view.sql</c> and <c>read_roster.sql</c> into what the coordinator reads.</summary>
internal static class MembershipReader
{
    public static async Task<MembershipView> ReadViewAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return new MembershipView(Registered: false, Active: null, Forming: null, LeaderId: null, LeaderSequence: 0);
        }

        return new MembershipView(
            reader.GetBoolean(0),
            ReadGeneration(reader, first: 1),
            ReadGeneration(reader, first: 5),
            reader.IsDBNull(9) ? null : reader.GetGuid(9),
            reader.IsDBNull(10) ? 0 : reader.GetInt64(10))
        {
            HasStaticOwners = reader.GetBoolean(11),
        };
    }

    public static async Task<Roster> ReadRosterAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        Generation? active = null;
        Generation? forming = null;
        var workers = ImmutableArray.CreateBuilder<RosterWorker>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (reader.GetString(0))
            {
                case "active":
                    active = ReadGeneration(reader);
                    break;
                case "forming":
                    forming = ReadGeneration(reader);
                    break;
                default:
                    workers.Add(new RosterWorker(
                        reader.GetGuid(1), reader.GetInt64(2), [.. reader.GetFieldValue<string[]>(4)], reader.GetInt64(5), reader.GetBoolean(6))
                    {
                        IsStatic = reader.GetBoolean(8),
                    });
                    break;
            }
        }

        return new Roster(active, forming, workers.DrainToImmutable());
    }

    private static Generation ReadGeneration(NpgsqlDataReader reader) =>
        new(reader.GetInt64(2), [.. reader.GetFieldValue<Guid[]>(3)]) { Strategy = StrategyNames.Parse(reader.GetString(9)) };

    private static GenerationView? ReadGeneration(NpgsqlDataReader reader, int first) => reader.IsDBNull(first)
        ? null
        : new GenerationView(reader.GetInt64(first), reader.GetInt32(first + 1), reader.IsDBNull(first + 2) ? null : reader.GetInt32(first + 2))
        {
            Strategy = StrategyNames.Parse(reader.GetString(first + 3)),
        };
}
