using Examples.Shared;
using Npgsql;
using WebHost;
using WebHost.Projections;

bool serve = args.Contains("--serve", StringComparer.Ordinal);
using var deadline = new CancellationTokenSource(serve ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("web_host", Balances.CreateTable + Statements.CreateTable, deadline.Token);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(serve ? "http://127.0.0.1:5000" : "http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(serve ? LogLevel.Information : LogLevel.Warning);

// The health check service logs every unhealthy answer as an error; while a worker starts, that is no news.
builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);

// One data source for the application's own queries and for the orchestrator, which borrows its sessions from it.
builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(database.ConnectionString));
builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql())
    .AddReplicaSet("balances")
        .AddProjection<Balances>()
    .AddReplicaSet("statements")
        .AddProjection<Statements>();
builder.Services.AddHealthChecks().AddProjectionOrchestrator();
builder.Services.AddOrchestratorMetrics();

await using WebApplication app = builder.Build();
app.MapOrchestratorHealth();
app.MapOrchestratorMetrics();
app.MapAccounts();

if (serve)
{
    await app.RunAsync();
    return;
}

await app.StartAsync(deadline.Token);
using (var visitor = new Visitor(app.Urls.Single()))
{
    await visitor.GetAsync("/health/live", deadline.Token);
    await visitor.GetUntilAsync("/health/ready", "Healthy", deadline.Token);
    await visitor.PostAsync("/accounts/ada/deposits/20", deadline.Token);
    await visitor.PostAsync("/accounts/ada/deposits/22", deadline.Token);
    await visitor.GetUntilAsync("/accounts/ada", "42", deadline.Token);
    await visitor.GetUntilAsync("/accounts/ada/statement", "22", deadline.Token);
    await visitor.GetLinesUntilAsync("/metrics", "orchestrator_events_processed_total{", "} 2", lines: 2, deadline.Token);
    await visitor.GetAsync("/accounts/bob", deadline.Token);
    await visitor.PostAsync("/accounts/bob/deposits/-1", deadline.Token);
}

await app.StopAsync(deadline.Token);
