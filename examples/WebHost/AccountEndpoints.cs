using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Examples.Shared;
using Npgsql;
using Orchestrator.Events;

namespace WebHost;

/// <summary>Writing appends an event; reading asks the read model, which is a moment behind.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/accounts/{account}/deposits/{amount:long:min(1)}", DepositAsync);
        app.MapGet("/accounts/{account}", ReadAsync);
        app.MapGet("/", ShowAsync);
    }

    private static async Task<IResult> DepositAsync(string account, long amount, IEventStore store, CancellationToken cancellationToken)
    {
        EventData deposited = new("Deposited", JsonSerializer.SerializeToUtf8Bytes(amount));
        AppendResult appended = await store.AppendAsync(Deposits.AggregateType, account, ExpectedVersion.Any, [deposited], cancellationToken: cancellationToken);
        return Results.Accepted($"/accounts/{account}", new { version = appended.LastVersion, position = appended.LastPosition });
    }

    private static async Task<IResult> ReadAsync(string account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT balance FROM balances WHERE account = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = account });
        return await command.ExecuteScalarAsync(cancellationToken) is long balance ? Results.Ok(new { account, balance }) : Results.NotFound();
    }

    private static async Task<IResult> ShowAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var page = new StringBuilder("<!doctype html><title>Accounts</title><h1>Accounts</h1><table>");
        await using NpgsqlCommand command = database.CreateCommand("SELECT account, balance FROM balances ORDER BY account");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Append("<tr><td>").Append(HtmlEncoder.Default.Encode(reader.GetString(0))).Append("<td>").Append(reader.GetInt64(1));
        }

        return Results.Content(page.Append("</table>").ToString(), "text/html");
    }
}
