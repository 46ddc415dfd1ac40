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
            ReadGeneration(reader, first: 1, strategy: null),
            ReadGeneration(reader, first: 4, strategy: 10),
            reader.IsDBNull(7) ? null : reader.GetGuid(7),
            reader.IsDBNull(8) ? 0 : reader.GetInt64(8))
        {
            HasStaticOwners = reader.GetBoolean(9),
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

    private static GenerationView? ReadGeneration(NpgsqlDataReader reader, int first, int? strategy) => reader.IsDBNull(first)
        ? null
        : new GenerationView(reader.GetInt64(first), reader.GetInt32(first + 1), reader.IsDBNull(first + 2) ? null : reader.GetInt32(first + 2))
        {
            Strategy = strategy is { } column ? StrategyNames.Parse(reader.GetString(column)) : default,
        };
}
