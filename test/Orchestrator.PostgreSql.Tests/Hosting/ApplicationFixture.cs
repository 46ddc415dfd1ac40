using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>The base of fixtures whose hosts connect as an application should: with the rights of a worker and an appender, and no others.</summary>
public abstract class ApplicationFixture : PostgreSqlFixture
{
    private ApplicationUser? _user;

    /// <summary>How hosts connect.</summary>
    protected string HostConnectionString => _user?.ConnectionString ?? ConnectionString;

    [OneTimeSetUp]
    public async Task CreateTablesAndUser()
    {
        await new PostgreSqlMigrator(new PostgreSqlOptions { ConnectionString = ConnectionString }).MigrateAsync();
        _user = await ApplicationUser.CreateAsync(DataSource, ConnectionString);
    }

    [OneTimeTearDown]
    public async Task DropUser() => await (_user?.DropAsync() ?? Task.CompletedTask);
}
