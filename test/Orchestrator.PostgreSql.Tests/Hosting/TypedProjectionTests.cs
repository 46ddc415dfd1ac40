using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Events;
using Orchestrator.Projections;
using Orchestrator.Testing.Shared;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>Typed handlers in a whole host on PostgreSQL.</summary>
public sealed class TypedProjectionTests : ApplicationFixture
{
    [Test]
    public async Task Run_EventsOfSeveralClasses_EachReachesItsHandlerOnce()
    {
        using IHost host = CreateHost();
        await host.MigrateOrchestratorAsync();
        await ExecuteAsync("CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL, renames integer NOT NULL DEFAULT 0)");
        await AppendAsync(host, "u1", ("user-created", """{"name":"Ada"}"""), ("Other", "no JSON"), ("UserRenamed", """{"name":"Grace"}"""));
        await AppendAsync(host, "u2", ("user-created", """{"name":"Alan"}"""));
        await host.StartAsync();
        await Eventually.HoldsAsync(async () => (long)(await ScalarAsync("SELECT min(position) FROM projection_checkpoints WHERE projection_name = 'users'") ?? 0L) == 4);
        await host.StopAsync();

        Assert.That(await ScalarAsync("SELECT string_agg(id || ':' || name || ':' || renames, ' ' ORDER BY id) FROM users"), Is.EqualTo("u1:Grace:1 u2:Alan:0"));
    }

    private static async Task AppendAsync(IHost host, string user, params (string Type, string Payload)[] events) =>
        await host.Services.GetRequiredService<IEventStore>().AppendAsync(
            "User", user, ExpectedVersion.NoStream, [.. events.Select(e => new EventData(e.Type, Encoding.UTF8.GetBytes(e.Payload)))]);

    private IHost CreateHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(HostConnectionString)).AddReplicaSet("main").AddProjection<Users>("users");
        return builder.Build();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = DataSource.CreateCommand(sql);
        object? value = await command.ExecuteScalarAsync();
        return value is DBNull ? null : value;
    }

    [EventType("user-created")]
    private sealed record UserCreated(string Name);

    private sealed record UserRenamed(string Name);

    private sealed class Users : IHandle<UserCreated>, IHandle<UserRenamed>
    {
        public ValueTask HandleAsync(UserCreated e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("INSERT INTO users (id, name) VALUES ($1, $2)", envelope.AggregateId, e.Name);
            return ValueTask.CompletedTask;
        }

        public ValueTask HandleAsync(UserRenamed e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken)
        {
            context.Enqueue("UPDATE users SET name = $2, renames = renames + 1 WHERE id = $1", envelope.AggregateId, e.Name);
            return ValueTask.CompletedTask;
        }
    }
}
