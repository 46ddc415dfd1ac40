using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.PostgreSql.Tests.Hosting;

/// <summary>The roles of <c>orchestrator migrations roles</c>, under names of the test's own, and users of them.</summary>
public abstract class RoleFixture : HostFixture
{
    private readonly List<string> _users = [];
    private string _prefix = "";

    [SetUp]
    public async Task CreateRoles()
    {
        if (await CountAsync("pg_roles WHERE rolname = current_user AND rolsuper") == 0)
        {
            Assert.Ignore("The server's user may not create roles.");
        }

        _prefix = $"r{Guid.NewGuid():N}";
        string script = RoleScript.Render(new PostgreSqlOptions(), _prefix);
        await ExecuteAsync(script);
        await ExecuteAsync(script);
    }

    [TearDown]
    public async Task DropRoles()
    {
        foreach (string role in _users.Concat(["migrator", "worker", "appender", "reader"]).Select(Name))
        {
            if (await CountAsync($"pg_roles WHERE rolname = '{role}'") == 1)
            {
                await ExecuteAsync($"REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}");
            }
        }

        _users.Clear();
    }

    /// <summary>Creates a user that is a member of roles.</summary>
    /// <returns>How it connects.</returns>
    protected async Task<string> CreateUserAsync(string user, params string[] roles)
    {
        _users.Add(user);
        await ExecuteAsync($"CREATE ROLE {Name(user)} LOGIN PASSWORD 'its own'" + string.Concat(roles.Select(role => $"; GRANT {Name(role)} TO {Name(user)}")));
        return ConnectionStringWith(builder => (builder.Username, builder.Password, builder.MaxPoolSize) = (Name(user), "its own", 20));
    }

    /// <summary>The full name of a role or user.</summary>
    protected string Name(string role) => $"{_prefix}_{role}";

    /// <summary>Runs a statement as a user.</summary>
    protected static async Task ExecuteAsAsync(string connectionString, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
