using Orchestrator.Testing;

// In no namespace: so that NUnit runs it around all tests of the assembly that this file is linked into.
#pragma warning disable CA1050, MA0047

/// <summary>The one server of a test run: started when the first fixture asks for it, stopped after the last test.</summary>
[SetUpFixture]
public sealed class SharedPostgreSql
{
    private const string RequireVariable = "ORCHESTRATOR_REQUIRE_POSTGRES";

    // Static because NUnit offers fixtures no other way to reach what a SetUpFixture holds.
    private static readonly Lazy<Task<PostgreSqlServer>> Server = new(() => PostgreSqlServer.StartAsync(new PostgreSqlServerOptions { Fsync = false }));

    /// <summary>The server; without one the calling test is skipped, or fails where ORCHESTRATOR_REQUIRE_POSTGRES is 1.</summary>
    public static async Task<PostgreSqlServer> GetAsync()
    {
        try
        {
            return await Server.Value;
        }
        catch (PostgreSqlUnavailableException e)
        {
            SkipOrFail($"PostgreSQL is not available. {e.Message}");
            throw;
        }
    }

    /// <summary>Skips the calling test, or fails it where ORCHESTRATOR_REQUIRE_POSTGRES is 1.</summary>
    public static void SkipOrFail(string reason)
    {
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
        {
            Assert.Fail($"{reason} {RequireVariable} is 1, so this is a failure.");
        }

        Assert.Ignore(reason);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Server.IsValueCreated && Server.Value.IsCompletedSuccessfully)
        {
            await (await Server.Value).DisposeAsync();
        }
    }
}
