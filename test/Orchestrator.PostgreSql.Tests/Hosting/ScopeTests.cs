using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Scopes in a whole host on PostgreSQL.</summary>
internal sealed class ScopeTests : ProjectionHostFixture
{
    protected override string CreateTables => "SELECT 1";

    [TestCaseSource(typeof(ScopedHandlers), nameof(ScopedHandlers.Kinds))]
    public async Task Run_AnAttemptFails_EachHasAScopeThatIsDisposedBehindIt(string kind)
    {
        var scopes = new Scopes();
        using IHost host = CreateHost(new HostLog(), rs => ScopedHandlers.Add(rs, kind, kind), services => services.AddScopes(scopes));
        await AppendAsync(host, kind, aggregates: 4, eventsEach: 2);

        await host.RunProjectionsToEndAsync();

        scopes.AssertOneAnAttempt(kind, events: 8);
    }
}
