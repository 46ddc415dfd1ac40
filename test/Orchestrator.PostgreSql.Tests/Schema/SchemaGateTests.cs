using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.Schema;

public sealed class SchemaGateTests : SchemaFixture
{
    [Test]
    public async Task PassAsync_WithMigrateOnStart_CreatesTheTablesFirst()
    {
        using IHost host = Build(migrateOnStart: true);
        SchemaGate gate = host.Services.GetRequiredService<SchemaGate>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gate.PassAsync(CancellationToken.None)));

        Assert.That(await host.MigrateOrchestratorAsync(), Is.Empty);
    }

    [Test]
    public async Task PassAsync_WithoutIt_PassesOnlyOnceTheTablesAreThere()
    {
        using IHost host = Build(migrateOnStart: false);
        SchemaGate gate = host.Services.GetRequiredService<SchemaGate>();
        await Assert.ThrowsAsync<SchemaVersionException>(() => gate.PassAsync(CancellationToken.None));

        Assert.That(await host.MigrateOrchestratorAsync(), Has.Count.EqualTo(Migration.All.Count));

        Assert.That(async () => await gate.PassAsync(CancellationToken.None), Throws.Nothing);
    }

    private IHost Build(bool migrateOnStart)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(ConnectionString, p => p.MigrateOnStart = migrateOnStart));
        return builder.Build();
    }
}
