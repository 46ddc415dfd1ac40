using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;

namespace Orchestrator.Cli.Connecting;

/// <summary>Where the database is and what its tables are called, as a command is told: by options, the environment, or the application's settings file, in this order.</summary>
internal sealed class ConnectionOptions
{
    public const string Variable = "ORCHESTRATOR_CONNECTION";

    private const string Name = "Orchestrator";

    private static readonly string s_connectionKey = Key(nameof(PostgreSqlOptions.ConnectionString));

    private readonly NameOptions _names = new();

    private readonly Option<string?> _connection = new("--connection", "-c")
    {
        Description = $"The database, as an Npgsql connection string. Others on this machine can see it: where it holds a password, use the environment variable {Variable} instead. Default: that, or ConnectionStrings:{Name} or {s_connectionKey}, from the environment or the settings file.",
    };

    private readonly Option<FileInfo?> _config = new("--config")
    {
        Description = $"The application's settings file. Default: {SettingsFile.DefaultName} in the current folder, if there is one.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_connection);
        command.Options.Add(_config);
        _names.AddTo(command);
    }

    /// <summary>Finds out what a command was told.</summary>
    /// <exception cref="UsageException">No connection string, or one that is none, or a file that cannot be read.</exception>
    public DatabaseSettings Read(ParseResult line)
    {
        (string path, IConfigurationRoot file) = SettingsFile.Read(line.GetValue(_config));
        IConfigurationRoot environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        (string source, string? text, bool isOurs) = Candidates(line, environment, file, path).FirstOrDefault(candidate => candidate.Connection is not null);
        string connection = Checked(source, text ?? throw Missing());

        List<KeyValuePair<string, string?>> last = [.. _names.Given(line).Select(name => KeyValuePair.Create(Key(name.Key), name.Value)), KeyValuePair.Create(s_connectionKey, (string?)connection)];
        if (isOurs)
        {
            // The application's other way may lead to another database.
            last.Add(KeyValuePair.Create(Key(nameof(PostgreSqlOptions.CoordinationConnectionString)), (string?)null));
        }

        return new DatabaseSettings(source, connection, new ConfigurationBuilder().AddConfiguration(file).AddConfiguration(environment).AddInMemoryCollection(last).Build());
    }

    // What looks at the server's sessions should see who this is.
    private static string Checked(string source, string text)
    {
        if (!ConnectionStrings.IsValid(text))
        {
            throw new UsageException($"What {source} says is not an Npgsql connection string. Allowed: 'Host=...;Database=...;Username=...'.");
        }

        var builder = new NpgsqlConnectionStringBuilder(text);
        builder.ApplicationName ??= "orchestrator-cli";
        return builder.ConnectionString;
    }

    private IEnumerable<(string Source, string? Connection, bool IsOurs)> Candidates(ParseResult line, IConfiguration environment, IConfiguration file, string path) =>
    [
        ("--connection", line.GetValue(_connection), true),
        ($"the environment variable {Variable}", Filled(environment[Variable]), true),
        ($"the environment variable {s_connectionKey.Replace(":", "__", StringComparison.Ordinal)}", Filled(environment[s_connectionKey]), false),
        ($"the environment variable ConnectionStrings__{Name}", Filled(environment.GetConnectionString(Name)), false),
        ($"{s_connectionKey} in {path}", Filled(file[s_connectionKey]), false),
        ($"ConnectionStrings:{Name} in {path}", Filled(file.GetConnectionString(Name)), false),
    ];

    private static UsageException Missing() => new(
        "There is no connection string. Give one in one of these ways; the first found counts:",
        "  --connection 'Host=...;Database=...;Username=...'",
        $"  the environment variable {Variable}, or ConnectionStrings__{Name}",
        $"  the settings file ({SettingsFile.DefaultName} in this folder, or --config FILE): {{ \"ConnectionStrings\": {{ \"{Name}\": \"Host=...\" }} }}, or the application's own {s_connectionKey}");

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Key(string name) => $"{PostgreSqlSection.Path}:{name}";
}
