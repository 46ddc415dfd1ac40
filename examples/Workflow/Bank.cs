using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;

namespace Workflow;

/// <summary>What a bank says of a payment.</summary>
internal sealed record Receipt(string Payment, decimal Amount);

/// <summary>Stands for a bank elsewhere: it takes part in none of our transactions, and knows a payment by its idempotency key.</summary>
internal sealed class Bank(IOptions<PostgreSqlOptions> options) : IAsyncDisposable
{
    public const string CreateTables =
        """
        CREATE TABLE bank_payments (idempotency_key uuid PRIMARY KEY, payment bigint GENERATED ALWAYS AS IDENTITY, amount numeric NOT NULL);
        CREATE TABLE bank_requests (idempotency_key uuid NOT NULL);
        """;

    private const string Pay =
        """
        WITH asked AS (INSERT INTO bank_requests (idempotency_key) VALUES ($1)),
          paid AS (INSERT INTO bank_payments (idempotency_key, amount) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING payment)
        SELECT coalesce((SELECT payment FROM paid), (SELECT payment FROM bank_payments WHERE idempotency_key = $1))
        """;

    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(options.Value.ConnectionString!);

    /// <summary>Takes a payment; asked again under the same key, it answers with the one that it has taken.</summary>
    public async Task<Receipt> PayAsync(decimal amount, Guid idempotencyKey, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(Pay);
        command.Parameters.Add(new NpgsqlParameter { Value = idempotencyKey });
        command.Parameters.Add(new NpgsqlParameter { Value = amount });
        return new Receipt($"payment-{await command.ExecuteScalarAsync(cancellationToken)}", amount);
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();
}
