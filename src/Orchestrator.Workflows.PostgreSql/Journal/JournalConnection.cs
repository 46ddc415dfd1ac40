using Npgsql;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Errors;
using Orchestrator.PostgreSql.Schema;
using Polly;
using Polly.Retry;

namespace Orchestrator.Workflows.PostgreSql.Journal;

/// <summary>Runs the journal's statements, again where the way to the server was at fault.</summary>
internal sealed class JournalConnection
{
    private const int FewAttempts = 7;

    private readonly PostgreSqlConnections _connections;
    private readonly PostgreSqlErrorClassifier _errors = new();
    private readonly ResiliencePipeline _forAWhile;
    private readonly ResiliencePipeline _untilCancelled;

    public JournalConnection(PostgreSqlConnections connections, TimeProvider time)
    {
        _connections = connections;
        _forAWhile = Retrying(FewAttempts, time);
        _untilCancelled = Retrying(int.MaxValue, time);
    }

    /// <summary>Runs a transaction; gives up with its error when the database has been away for some seconds.</summary>
    public Task<T> RunForAWhileAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) => RunAsync(_forAWhile, run, cancellationToken);

    /// <summary>Runs a transaction; gives up when cancelled, for however long the database is away.</summary>
    public Task<T> RunUntilCancelledAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) => RunAsync(_untilCancelled, run, cancellationToken);

    /// <summary>Runs a statement, prepared where that can be done.</summary>
    public Task<T> ExecuteAsync<T>(NpgsqlConnection connection, Func<NpgsqlBatchCommand> create, Func<NpgsqlBatch, Task<T>> run, CancellationToken cancellationToken) =>
        _connections.Prepared.RunAsync(connection, create, run, cancellationToken);

    private async Task<T> RunAsync<T>(ResiliencePipeline pipeline, Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(static async (state, token) => await state.Self.RunOnceAsync(state.Run, token).ConfigureAwait(false), (Self: this, Run: run), cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new SchemaException("The tables of workflows are missing. Call MigrateOrchestratorAsync(), or apply the migrations with 'orchestrator migrations apply', before the first workflow is run.", exception);
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await run(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private ResiliencePipeline Retrying(int attempts, TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(2),
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } exception and not OperationCanceledException && IsTransient(exception)),
        })
        .Build();

    private bool IsTransient(Exception exception) => _errors.IsInfrastructure(exception);
}
