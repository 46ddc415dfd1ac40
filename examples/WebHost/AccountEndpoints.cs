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
        app.MapGet("/accounts/{account}/statement", ReadStatementAsync);
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

    private static async Task<IResult> ReadStatementAsync(string account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT coalesce(array_agg(amount ORDER BY line), '{}') FROM statements WHERE account = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = account });
        return Results.Ok(new { account, deposits = await command.ExecuteScalarAsync(cancellationToken) as long[] });
    }
}
