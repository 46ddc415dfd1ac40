using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Hosting.Errors;
using Orchestrator.PostgreSql.Configuration;

namespace Orchestrator.PostgreSql.Schema;

/// <summary>Lets nobody pass before the schema is right: migrates once, where that is wanted, and checks every time.</summary>
internal sealed class SchemaGate(IOptions<PostgreSqlOptions> options, PostgreSqlMigrator migrator, SchemaCheck check, LogHistory history) : IDisposable
{
    private readonly SemaphoreSlim _migrating = new(1, 1);
    private bool _hasMigrated;

    /// <summary>Returns when the schema is right.</summary>
    /// <exception cref="SchemaException">It is not; the message says what mends it.</exception>
    /// <exception cref="EventLogRefusedException">The log must not be read; the message says what mends it.</exception>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        history.ThrowIfRewound();
        if (options.Value.MigrateOnStart)
        {
            await check.ReachAsync(cancellationToken).ConfigureAwait(false);
            await MigrateOnceAsync(cancellationToken).ConfigureAwait(false);
        }

        await check.CheckAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _migrating.Dispose();

    private async Task MigrateOnceAsync(CancellationToken cancellationToken)
    {
        await _migrating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_hasMigrated)
            {
                await migrator.MigrateAsync(cancellationToken).ConfigureAwait(false);
                _hasMigrated = true;
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaException(
                $"Orchestrator:PostgreSql:MigrateOnStart is true, but the database user may not migrate: {e.MessageText}. Migrate as another user, before this one starts, and set MigrateOnStart to false; or grant CREATE on the schema.", e);
        }
        finally
        {
            _migrating.Release();
        }
    }
}
