using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestrator.AspNetCore.Tests.Health;

/// <summary>The endpoints that probes ask.</summary>
public sealed class HealthEndpointsTests
{
    [TestCase("/health/live", HttpStatusCode.OK)]
    [TestCase("/health/ready", HttpStatusCode.ServiceUnavailable)]
    [TestCase("/health/lag", HttpStatusCode.OK)]
    [TestCase("/health", HttpStatusCode.NotFound)]
    public async Task MapOrchestratorHealth_OneTagIsUnwell_OnlyItsEndpointSaysSo(string path, HttpStatusCode expected)
    {
        await using WebApplication app = await StartAsync("/health");

        Assert.That((await app.GetTestClient().GetAsync(path)).StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task MapOrchestratorHealth_Body_HasOurCausesAndNobodysSecretsAndIsNotCached()
    {
        await using WebApplication app = await StartAsync("/health");

        HttpResponseMessage response = await app.GetTestClient().GetAsync("/health/ready");
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Dictionary<string, JsonElement> checks = body.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);

        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl!.NoStore);
        Assert.That(body.RootElement.GetProperty("status").GetString(), Is.EqualTo("Unhealthy"));
        Assert.That(checks["orchestrator-ready"].GetProperty("cause").GetString(), Is.EqualTo("Every replica set is at work or stands by."));
        Assert.That(checks["unwell"].GetProperty("status").GetString(), Is.EqualTo("Unhealthy"));
        Assert.That(body.RootElement.GetRawText(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task MapOrchestratorHealth_OtherPrefix_IsThere()
    {
        await using WebApplication app = await StartAsync("/probes");

        Assert.That((await app.GetTestClient().GetAsync("/probes/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task MapOrchestratorHealth_ChecksAreNotAdded_NamesTheWayOut()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Services.AddHealthChecks();
        await using WebApplication app = builder.Build();

        Assert.That(() => app.MapOrchestratorHealth(), Throws.InvalidOperationException.With.Message.Contain("AddHealthChecks().AddProjectionOrchestrator()"));
    }

    private static async Task<WebApplication> StartAsync(string prefix)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddProjectionOrchestrator(o => o.UseInMemory());
        builder.Services.AddHealthChecks().AddProjectionOrchestrator().AddCheck("unwell", () => HealthCheckResult.Unhealthy("secret", new InvalidOperationException("secret"), new Dictionary<string, object>(StringComparer.Ordinal) { ["key"] = "secret" }), ["ready"]);
        WebApplication app = builder.Build();
        app.MapOrchestratorHealth(prefix);
        await app.StartAsync();
        return app;
    }
}
