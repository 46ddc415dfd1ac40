using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting.Configuration;

/// <summary>The application's configuration, put over what code has set: post-configured, so that operators win in whatever order the application calls.</summary>
internal sealed class OrchestratorConfiguration(IServiceProvider services) : IPostConfigureOptions<ReplicaSetOptions>, IPostConfigureOptions<ProjectionOptions>
{
    private readonly IConfiguration? _configuration = services.GetService<IConfiguration>();

    /// <summary>The section at a path; null in an application that has no configuration.</summary>
    public IConfigurationSection? Section(string path) => _configuration?.GetSection(path);

    public void PostConfigure(string? name, ReplicaSetOptions options) => Apply(ConfigurationKeys.ReplicaSet(name ?? ""), ReplicaSetSettings.All, options);

    public void PostConfigure(string? name, ProjectionOptions options) => Apply(name ?? "", ProjectionSettings.All, options);

    private void Apply<TOptions>(string path, IReadOnlyList<Setting<TOptions>> settings, TOptions options)
    {
        if (Section(path) is { } section)
        {
            SettingChecks.Apply(section, settings, options);
        }
    }
}
