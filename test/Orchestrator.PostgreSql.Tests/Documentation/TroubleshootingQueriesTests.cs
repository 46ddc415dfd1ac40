using System.Text.RegularExpressions;
using Npgsql;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Documentation;

/// <summary>The queries of docs/troubleshooting.md run, and the one that is hard to make up by oneself finds what it is for.</summary>
public sealed partial class TroubleshootingQueriesTests : HostFixture
{
    [Test]
    public async Task Page_EveryQuery_Runs()
    {
        foreach (string query in await QueriesAsync())
        {
            await Assert.ThatAsync(() => ExecuteAsync(query), Throws.Nothing, query);
        }
    }

    [Test]
    public async Task Page_QueryForOpenAppends_FindsTheSession()
    {
        string query = (await QueriesAsync()).Single(query => query.Contains("'advisory'", StringComparison.Ordinal));
        await using NpgsqlDataSource application = NpgsqlDataSource.Create(ConnectionString);
        await using NpgsqlConnection appender = await application.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await appender.BeginTransactionAsync();
        await using NpgsqlCommand append = new(
            "INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload) VALUES ('Account', 'ada', 1, gen_random_uuid(), 'Deposited', 1, '')", appender, transaction);
        await append.ExecuteNonQueryAsync();

        await using NpgsqlCommand ask = application.CreateCommand(query);

        Assert.That(await ask.ExecuteScalarAsync(), Is.EqualTo(appender.ProcessID));
    }

    private static async Task<string[]> QueriesAsync()
    {
        string page = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "troubleshooting.md"))).ReplaceLineEndings("\n");
        string[] queries = [.. SqlBlock().Matches(page).Select(match => match.Groups["query"].Value)];
        Assert.That(queries, Has.Length.GreaterThan(5));
        return queries;
    }

    [GeneratedRegex("```sql\\n(?<query>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SqlBlock();
}
