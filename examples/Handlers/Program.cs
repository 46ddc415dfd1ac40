using Examples.Shared;
using Handlers;
using Handlers.Mails;
using Handlers.Projections;
using Handlers.ReadModels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Events;

using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
await using ExampleDatabase database = await ExampleDatabase.CreateAsync("handlers", Tables.Create, deadline.Token);
var mails = new ForgetfulMailService(forgets: UserEvents.LastUser);

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.Services.AddSingleton<IMailService>(mails);
builder.Services.AddDbContextPool<ReadModel>(o => o.UseNpgsql(database.ConnectionString));
builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(database.ConnectionString))
    .AddReplicaSet("main")
        .AddProjection<UserHistory>()
        .AddProjection<Users>()
        .AddProjection<FormerNames>()
        .AddProjection<EventCounts>()
        .AddProjection<EventCopies>()
        .AddProjection<Activity>()
        .AddProjection<WelcomeMails>(configure: projection => projection.MaxConcurrency = 8);

using IHost host = builder.Build();
long events = await UserEvents.AppendAsync(host.Services.GetRequiredService<IEventStore>(), deadline.Token);
Console.WriteLine($"{events} events are in the log.");
await host.RunProjectionsToEndAsync(deadline.Token);

await PrintAsync("History, an event at a time", "SELECT count(*) || ' lines' FROM user_history");
await PrintAsync("Users, by typed handlers", "SELECT string_agg(name, ', ' ORDER BY id) FROM users");
await PrintAsync("Former names, by Dapper", "SELECT string_agg(name, ', ' ORDER BY name) FROM former_names");
await PrintAsync("Event counts, by unnest", "SELECT string_agg(type || ' ' || events, ', ' ORDER BY type COLLATE \"C\") FROM event_counts");
await PrintAsync("Copies, by COPY", "SELECT count(*) || ' events' FROM event_copies");
await PrintAsync("Activity, by Entity Framework Core", "SELECT string_agg(id || ' ' || events, ', ' ORDER BY id) FROM user_activity");
Console.WriteLine($"Mails: asked for {mails.Requests} times, sent {mails.Sent}.");

async Task PrintAsync(string what, string sql) => Console.WriteLine($"{what}: {await database.ReadAsync<string>(sql, deadline.Token)}.");
