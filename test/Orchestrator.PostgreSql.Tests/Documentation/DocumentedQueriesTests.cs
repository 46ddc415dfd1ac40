using System.Text.RegularExpressions;
using Npgsql;
using Orchestrator.PostgreSql.Tests.Hosting;

namespace Orchestrator.PostgreSql.Tests.Documentation;

/// <summary>The SQL of the documentation runs, and the query that is hard to make up by oneself finds what it is for.</summary>
public sealed partial class DocumentedQueriesTests : HostFixture
{
    [TestCase("troubleshooting.md", 10)]
    [TestCase("tables.md", 3)]
    [TestCase("README.md", 1)]
    public async Task Page_EveryStatement_Runs(string page, int least)
    {
        string[] queries = await QueriesAsync(page);

        Assert.That(queries, Has.Length.GreaterThanOrEqualTo(least));
        foreach (string query in queries)
        {
            // The role that rights are granted to in an example, and what an example changes, must not outlive the test.
            await Assert.ThatAsync(() => ExecuteAsync($"BEGIN; CREATE ROLE appender; {query.TrimEnd().TrimEnd(';')}; ROLLBACK"), Throws.Nothing, query);
        }
    }

    [Test]
    public async Task Page_QueryForOpenAppends_FindsTheSession()
    {
        string query = (await QueriesAsync("troubleshooting.md")).Single(query => query.Contains("'advisory'", StringComparison.Ordinal));
        await using NpgsqlDataSource application = NpgsqlDataSource.Create(ConnectionString);
        await using NpgsqlConnection appender = await application.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await appender.BeginTransactionAsync();
        await using NpgsqlCommand append = new(
            "INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload) VALUES ('Account', 'ada', 1, gen_random_uuid(), 'Deposited', 1, '')", appender, transaction);
        await append.ExecuteNonQueryAsync();

        await using NpgsqlCommand ask = application.CreateCommand(query);

        Assert.That(await ask.ExecuteScalarAsync(), Is.EqualTo(appender.ProcessID));
    }

    private static async Task<string[]> QueriesAsync(string page)
    {
        string text = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, page))).ReplaceLineEndings("\n");
        return [.. SqlBlock().Matches(text).Select(match => match.Groups["query"].Value)];
    }

    [GeneratedRegex("```sql\\n(?<query>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SqlBlock();
}
