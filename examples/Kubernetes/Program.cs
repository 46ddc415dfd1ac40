using System.Text.Json;
using Kubernetes;
using Npgsql;
using Orchestrator.Events;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string database = builder.Configuration.GetConnectionString("Events")
    ?? throw new InvalidOperationException("There is no connection string: set ConnectionStrings__Events.");
builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database))
    .AddReplicaSet("balances")
        .AddProjection<Balances>();
builder.Services.AddHealthChecks().AddProjectionOrchestrator();
builder.Services.AddOrchestratorMetrics();

await using WebApplication app = builder.Build();
if (args is ["migrate"])
{
    // Only this needs a role that may create tables. The pods that serve never run it.
    await app.Services.MigrateOrchestratorAsync();
    await using NpgsqlDataSource tables = NpgsqlDataSource.Create(database);
    await using NpgsqlCommand create = tables.CreateCommand(Balances.CreateTable);
    await create.ExecuteNonQueryAsync();
    return;
}

app.MapOrchestratorHealth();
app.MapOrchestratorMetrics();
app.MapPost("/accounts/{account}/deposits/{amount:long:min(1)}", async (string account, long amount, IEventStore store, CancellationToken cancellationToken) =>
{
    EventData deposited = new("Deposited", JsonSerializer.SerializeToUtf8Bytes(amount));
    AppendResult appended = await store.AppendAsync(Balances.AggregateType, account, ExpectedVersion.Any, [deposited], cancellationToken: cancellationToken);
    return Results.Accepted(value: new { position = appended.LastPosition });
});
await app.RunAsync();
