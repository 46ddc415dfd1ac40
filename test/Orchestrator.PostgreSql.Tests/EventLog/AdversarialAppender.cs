using Npgsql;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>
/// Appends in every awkward way: fast and slow, many rows at once, by COPY, in savepoints that are released or rolled back, in transactions that roll back after they have drawn positions.
/// Aggregates are shared between appenders; each append locks the head before it draws, as every writer must who wants the versions in order.
/// </summary>
internal sealed class AdversarialAppender
{
    private const string Head = """
        INSERT INTO aggregate_heads (aggregate_type, aggregate_id, aggregate_version) VALUES ('Thing', $1, $2)
        ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET aggregate_version = aggregate_heads.aggregate_version + $2 RETURNING aggregate_version - $2
        """;

    private const string Rows = """
        INSERT INTO events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload)
        SELECT 'Thing', $1, $3 + i, gen_random_uuid(), 'Happened', '\x01' FROM generate_series(1, $2) AS i
        """;

    private readonly NpgsqlConnection _connection;
    private readonly Random _random;
    private readonly bool _slow;

    private AdversarialAppender(NpgsqlConnection connection, int number)
    {
        _connection = connection;
        _random = new Random(number);
        _slow = number % 5 == 0;
    }

    /// <summary>Appends until it is told to stop; what is begun is ended.</summary>
    public static async Task RunAsync(string connectionString, int number, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        var appender = new AdversarialAppender(connection, number);
        while (!stop.IsCancellationRequested)
        {
            await appender.AppendAsync();
        }
    }

    private async Task AppendAsync()
    {
        await using NpgsqlTransaction transaction = await _connection.BeginTransactionAsync();
        string aggregate = _slow ? $"slow-{_random.Next(50)}" : $"fast-{_random.Next(200)}";
        switch (_random.Next(5))
        {
            case 0:
                await transaction.SaveAsync("void");
                await InsertAsync(aggregate, 2);
                await transaction.RollbackAsync("void");
                await InsertAsync(aggregate, 1);
                break;
            case 1:
                await transaction.SaveAsync("kept");
                await InsertAsync(aggregate, 3);
                await transaction.ReleaseAsync("kept");
                break;
            case 2:
                await CopyAsync(aggregate, 20);
                break;
            default:
                await InsertAsync(aggregate, _random.Next(1, 10));
                break;
        }

        if (_slow)
        {
            // What is tested: a transaction that stays open with positions drawn.
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 200)), TimeProvider.System, CancellationToken.None);
        }

        await (_random.Next(10) == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
    }

    private async Task InsertAsync(string aggregate, int count)
    {
        long version = await MoveHeadAsync(aggregate, count);
        await using var insert = new NpgsqlCommand(Rows, _connection) { Parameters = { new() { Value = aggregate }, new() { Value = count }, new() { Value = version } } };
        await insert.ExecuteNonQueryAsync();
    }

    private async Task CopyAsync(string aggregate, int count)
    {
        long version = await MoveHeadAsync(aggregate, count);
        await using NpgsqlBinaryImporter copy = await _connection.BeginBinaryImportAsync(
            "COPY events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type, payload) FROM STDIN (FORMAT binary)");
        for (int i = 1; i <= count; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync("Thing");
            await copy.WriteAsync(aggregate);
            await copy.WriteAsync(version + i);
            await copy.WriteAsync(Guid.NewGuid());
            await copy.WriteAsync("Copied");
            await copy.WriteAsync(new byte[] { 1 });
        }

        await copy.CompleteAsync();
    }

    private async Task<long> MoveHeadAsync(string aggregate, int count)
    {
        await using var head = new NpgsqlCommand(Head, _connection) { Parameters = { new() { Value = aggregate }, new() { Value = (long)count } } };
        return (long)(await head.ExecuteScalarAsync())!;
    }
}
