using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Testing.Shared;

/// <summary>
/// The user that the hosts of the tests connect as: a member of the worker's and the appender's role of <c>orchestrator migrations roles</c>, and allowed to read and write the tests' own tables, as the
/// projections of an application must be. It may create nothing.
/// </summary>
internal sealed class ApplicationUser
{
    private const string Password = "of the application";

    private readonly NpgsqlDataSource _owner;
    private readonly string _prefix;

    private ApplicationUser(NpgsqlDataSource owner, string ownersConnectionString, string prefix)
    {
        _owner = owner;
        _prefix = prefix;
        ConnectionString = new NpgsqlConnectionStringBuilder(ownersConnectionString) { Username = Name("application"), Password = Password }.ConnectionString;
    }

    /// <summary>How it connects.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates it, behind the migrations and before the tests' own tables. Null where the server's user may not create roles: the hosts then connect as that one.</summary>
    public static async Task<ApplicationUser?> CreateAsync(NpgsqlDataSource owner, string ownersConnectionString, PostgreSqlOptions? names = null)
    {
        await using (NpgsqlCommand ask = owner.CreateCommand("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        {
            if (await ask.ExecuteScalarAsync() is not true)
            {
                return null;
            }
        }

        var user = new ApplicationUser(owner, ownersConnectionString, $"a{Guid.NewGuid():N}");
        await user.ExecuteAsync(RoleScript.Render(names ?? new PostgreSqlOptions(), user._prefix));
        await user.ExecuteAsync($"""
            CREATE ROLE {user.Name("application")} LOGIN PASSWORD '{Password}';
            GRANT {user.Name("worker")}, {user.Name("appender")} TO {user.Name("application")};
            DO $$ BEGIN
              EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {user.Name("application")}', current_schema());
            END $$
            """);
        return user;
    }

    /// <summary>Drops it and the roles. What they own is the server's user's then.</summary>
    public async Task DropAsync()
    {
        string all = string.Join(", ", new[] { "application", "migrator", "worker", "appender", "reader" }.Select(Name));
        await ExecuteAsync($"REASSIGN OWNED BY {all} TO CURRENT_USER; DROP OWNED BY {all}; DROP ROLE {all}");
    }

    private string Name(string role) => $"{_prefix}_{role}";

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
