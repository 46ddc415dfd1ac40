using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contracts;
using Orchestrator.Events;
using Orchestrator.Hosting.Processing;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.EventLog;
using Orchestrator.PostgreSql.EventStore;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.PostgreSql.Sql;
using Orchestrator.Testing;

namespace Orchestrator.PostgreSql.Tests.EventLog;

/// <summary>The contract over the product's own parts: its migrations, its event store, its notifications.</summary>
[Category("PostgreSQL")]
[Parallelizable(ParallelScope.Self)]
public sealed class PostgreSqlEventLogContractTests : EventLogContract
{
    private PostgreSqlServer _server = null!;
    private PostgreSqlOptions _options = null!;
    private PostgreSqlConnections _connections = null!;
    private AppendNotifier _notifier = null!;
    private PostgreSqlEventLog _log = null!;
    private PostgreSqlEventStore _store = null!;

    protected override IEventStore Store => _store;

    protected override IEventLog Log => _log;

    [SetUp]
    public async Task CreateLog()
    {
        _server = await SharedPostgreSql.GetAsync();
        _options = new PostgreSqlOptions { ConnectionString = await _server.CreateSchemaAsync(), EventsTable = "facts" };
        await new PostgreSqlMigrator(_options).MigrateAsync();
        var sql = new SqlCatalog(_options);
        _connections = new PostgreSqlConnections(_options, TimeProvider.System);
        _notifier = new AppendNotifier(_connections, sql, TimeProvider.System, NullLogger<AppendNotifier>.Instance);
        _log = new PostgreSqlEventLog(_connections, sql, new LogHistory(), TimeProvider.System, NullLogger<PostgreSqlEventLog>.Instance);
        _store = new PostgreSqlEventStore(_connections, sql, _notifier, NullLogger<PostgreSqlEventStore>.Instance);
    }

    [TearDown]
    public async Task DropLog()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
            await _notifier.DisposeAsync();
            await _connections.DisposeAsync();
            await _server.DropSchemaAsync(_options.ConnectionString!);
        }
    }
}
