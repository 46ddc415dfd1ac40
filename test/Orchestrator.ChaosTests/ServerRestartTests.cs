using Orchestrator.Testing;

namespace Orchestrator.ChaosTests;

/// <summary>The server crashes and comes back in the middle of it all.</summary>
public sealed class ServerRestartTests : ChaosFixture
{
    private PostgreSqlServer? _ownServer;

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (_ownServer is not null)
        {
            await _ownServer.DisposeAsync();
        }
    }

    [Test]
    public async Task Restart_WhileWorking_NothingLostNothingTwice([Values] bool immediate)
    {
        StartAppending(clients: 4);
        await StartWorkerAsync();
        await StartWorkerAsync();
        await WaitForProgressAsync(300);
        await Server.RestartAsync(immediate);
        await WaitForProgressAsync(600);
        await Server.RestartAsync(immediate);
        await WaitForProgressAsync(600);
        await FinishAsync();
    }

    // A server of its own: nobody else's tests must be hit.
    protected override async Task<PostgreSqlServer> GetServerAsync()
    {
        PostgreSqlServer shared = await SharedPostgreSql.GetAsync();
        if (!shared.CanRestart)
        {
            Assert.Ignore("The server given by ORCHESTRATOR_POSTGRES is not ours to restart.");
        }

        return _ownServer ??= await PostgreSqlServer.StartAsync();
    }
}
