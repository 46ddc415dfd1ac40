using Microsoft.Extensions.Options;
using Orchestrator.Hosting.Configuration;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>Tells which keys of <c>Orchestrator:PostgreSql</c> change while the host runs. None takes effect before the next start. A connection string is never shown.</summary>
internal sealed class PostgreSqlWatch(IOptions<PostgreSqlOptions> started, IOptionsFactory<PostgreSqlOptions> factory) : IWatchedSection
{
    private const string Hidden = "another one";

    private static readonly IReadOnlyList<(string Key, Func<PostgreSqlOptions, string?> Get)> Keys =
    [
        (nameof(PostgreSqlOptions.ConnectionString), options => options.ConnectionString),
        (nameof(PostgreSqlOptions.CoordinationConnectionString), options => options.CoordinationConnectionString),
        (nameof(PostgreSqlOptions.Schema), options => options.Schema),
        .. TableOption.All.Select(table => (table.Key, table.Get)),
        (nameof(PostgreSqlOptions.AggregateIdType), options => options.AggregateIdType.ToString()),
        (nameof(PostgreSqlOptions.AdoptExistingLog), options => options.AdoptExistingLog ? "true" : "false"),
        (nameof(PostgreSqlOptions.MigrateOnStart), options => options.MigrateOnStart ? "true" : "false"),
    ];

    private PostgreSqlOptions? _latest;
    private PostgreSqlOptions? _read;

    public void Read() => _read = factory.Create(Options.DefaultName);

    public IReadOnlyList<SettingChange> Accept()
    {
        PostgreSqlOptions before = _latest ?? started.Value;
        PostgreSqlOptions now = _read ?? before;
        _latest = now;
        return
        [
            .. from key in Keys
               where key.Get(now) != key.Get(before) && key.Get(now) != key.Get(started.Value)
               let secret = key.Key.EndsWith(nameof(PostgreSqlOptions.ConnectionString), StringComparison.Ordinal)
               select new SettingChange($"{PostgreSqlSection.Path}:{key.Key}", secret ? Hidden : key.Get(now) ?? "none", secret ? "as it was" : key.Get(started.Value) ?? "none", Reloads: false),
        ];
    }
}
