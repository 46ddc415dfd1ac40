using System.Data.Common;
using Dapper;
using Orchestrator.Events;
using Orchestrator.Projections;

namespace Handlers.Projections;

public sealed class FormerNames : IHandle<UserCreated>, IHandle<UserRenamed>
{
    private const string SelectName = "SELECT name FROM current_names WHERE user_id = @user";
    private const string InsertFormer = "INSERT INTO former_names (user_id, name) VALUES (@user, @name)";
    private const string UpsertName = "INSERT INTO current_names (user_id, name) VALUES (@user, @name) ON CONFLICT (user_id) DO UPDATE SET name = EXCLUDED.name";

    public ValueTask HandleAsync(UserCreated e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) =>
        SetNameAsync(envelope.AggregateId, e.Name, context, cancellationToken);

    public ValueTask HandleAsync(UserRenamed e, PersistedEvent envelope, ProjectionContext context, CancellationToken cancellationToken) =>
        SetNameAsync(envelope.AggregateId, e.Name, context, cancellationToken);

    private static async ValueTask SetNameAsync(string user, string name, ProjectionContext context, CancellationToken cancellationToken)
    {
        DbConnection connection = await context.GetConnectionAsync(cancellationToken);
        CommandDefinition Command(string sql, object values) => new(sql, values, context.Transaction, cancellationToken: cancellationToken);

        string? former = await connection.ExecuteScalarAsync<string>(Command(SelectName, new { user }));
        if (former is not null)
        {
            await connection.ExecuteAsync(Command(InsertFormer, new { user, name = former }));
        }

        await connection.ExecuteAsync(Command(UpsertName, new { user, name }));
    }
}
