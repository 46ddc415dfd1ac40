using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.PostgreSql.Configuration;

/// <summary>The configuration section <c>Orchestrator:PostgreSql</c>; without one in an application that has no configuration.</summary>
internal sealed class PostgreSqlSection(IServiceProvider services)
{
    /// <summary>Where it is.</summary>
    public const string Path = "Orchestrator:PostgreSql";

    /// <summary>The section, or null.</summary>
    public IConfigurationSection? Section { get; } = services.GetService<IConfiguration>()?.GetSection(Path);
}
