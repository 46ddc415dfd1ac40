using Npgsql;

namespace Orchestrator.Workflows.Tests.Crashes;

/// <summary>What services do outside: rows that no journal's transaction takes back.</summary>
internal sealed class Effects(string connectionString) : IAsyncDisposable
{
    public const string CreateTable = "CREATE TABLE effects (request_id text NOT NULL, service text NOT NULL, attempt integer NOT NULL, idempotency_key uuid NOT NULL)";

    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(connectionString);

    public async Task LeaveAsync(WorkflowContext context, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand("INSERT INTO effects (request_id, service, attempt, idempotency_key) VALUES ($1, $2, $3, $4)");
        command.Parameters.Add(new NpgsqlParameter { Value = context.RequestId });
        command.Parameters.Add(new NpgsqlParameter { Value = context.Service });
        command.Parameters.Add(new NpgsqlParameter { Value = context.Attempt });
        command.Parameters.Add(new NpgsqlParameter { Value = context.IdempotencyKey });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();
}
