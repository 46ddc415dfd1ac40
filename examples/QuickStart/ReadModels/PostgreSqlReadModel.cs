using Npgsql;
using Orchestrator.Projections;
using QuickStart.Importing;

namespace QuickStart.ReadModels;

/// <summary>The read models as tables. Every write is an upsert in the batch's queue, so that it commits together with the checkpoint.</summary>
internal sealed class PostgreSqlReadModel(NpgsqlDataSource dataSource) : IReadModel
{
    private const string UpsertChurn =
        """
        INSERT INTO quickstart_churn AS t (file_key, path, changes, added, removed, binaries, last_kind, last_commit) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (file_key) DO UPDATE SET changes = t.changes + excluded.changes, added = t.added + excluded.added, removed = t.removed + excluded.removed,
          binaries = t.binaries + excluded.binaries, last_kind = excluded.last_kind, last_commit = excluded.last_commit
        """;

    private const string UpsertContribution =
        """
        INSERT INTO quickstart_contribution AS t (author_key, name, email, changes, added, removed, binaries) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (author_key) DO UPDATE SET changes = t.changes + excluded.changes, added = t.added + excluded.added, removed = t.removed + excluded.removed,
          binaries = t.binaries + excluded.binaries
        """;

    private const string UpsertActivity =
        """
        INSERT INTO quickstart_activity AS t (day, changes, added, removed, binaries) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (day) DO UPDATE SET changes = t.changes + excluded.changes, added = t.added + excluded.added, removed = t.removed + excluded.removed,
          binaries = t.binaries + excluded.binaries
        """;

    public void Add(ProjectionContext context, ChurnRow row) => context.Enqueue(
        UpsertChurn, ShortKey.For(row.Path), row.Path, row.Tally.Changes, row.Tally.Added, row.Tally.Removed, row.Tally.Binaries, row.LastKind, row.LastCommit);

    // A line feed cannot occur in either part, so the key tells name from address.
    public void Add(ProjectionContext context, ContributionRow row) => context.Enqueue(
        UpsertContribution, ShortKey.For($"{row.Email}\n{row.Name}"), row.Name, row.Email, row.Tally.Changes, row.Tally.Added, row.Tally.Removed, row.Tally.Binaries);

    public void Add(ProjectionContext context, ActivityRow row) =>
        context.Enqueue(UpsertActivity, row.Day, row.Tally.Changes, row.Tally.Added, row.Tally.Removed, row.Tally.Binaries);

    public async Task CreateTablesAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = dataSource.CreateCommand(
            """
            CREATE TABLE quickstart_churn (file_key text PRIMARY KEY, path text NOT NULL, changes bigint NOT NULL, added bigint NOT NULL, removed bigint NOT NULL,
              binaries bigint NOT NULL, last_kind text NOT NULL, last_commit text NOT NULL);
            CREATE TABLE quickstart_contribution (author_key text PRIMARY KEY, name text NOT NULL, email text NOT NULL, changes bigint NOT NULL, added bigint NOT NULL,
              removed bigint NOT NULL, binaries bigint NOT NULL);
            CREATE TABLE quickstart_activity (day date PRIMARY KEY, changes bigint NOT NULL, added bigint NOT NULL, removed bigint NOT NULL, binaries bigint NOT NULL)
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<ReadModelSnapshot> ReadAsync(CancellationToken cancellationToken) => new(
        await ReadAsync(
            "SELECT path, changes, added, removed, binaries, last_kind, last_commit FROM quickstart_churn",
            row => new ChurnRow(row.GetString(0), TallyAt(row, 1), row.GetString(5), row.GetString(6)),
            cancellationToken),
        await ReadAsync(
            "SELECT name, email, changes, added, removed, binaries FROM quickstart_contribution",
            row => new ContributionRow(row.GetString(0), row.GetString(1), TallyAt(row, 2)),
            cancellationToken),
        await ReadAsync(
            "SELECT day, changes, added, removed, binaries FROM quickstart_activity",
            row => new ActivityRow(row.GetFieldValue<DateOnly>(0), TallyAt(row, 1)),
            cancellationToken));

    private static Tally TallyAt(NpgsqlDataReader row, int first) => new(row.GetInt64(first), row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3));

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
