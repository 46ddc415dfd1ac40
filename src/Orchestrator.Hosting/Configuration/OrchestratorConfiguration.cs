using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Orchestrator.Hosting.Configuration;

/// <summary>The application's configuration, put over what code has set: post-configured, so that operators win in whatever order the application calls.</summary>
internal sealed class OrchestratorConfiguration(IServiceProvider services) : IPostConfigureOptions<ReplicaSetOptions>, IPostConfigureOptions<ProjectionOptions>
{
    private readonly IConfiguration? _configuration = services.GetService<IConfiguration>();

    /// <summary>The section at a path; null in an application that has no configuration.</summary>
    public IConfigurationSection? Section(string path) => _configuration?.GetSection(path);

    /// <summary>Whether it has something at a path.</summary>
    public bool Says(string path) => Section(path)?.Exists() ?? false;

    /// <summary>Calls back whenever it has changed, on any thread.</summary>
    /// <returns>What ends that; null in an application that has no configuration.</returns>
    public IDisposable? OnChange(Action changed) => _configuration is null ? null : ChangeToken.OnChange(_configuration.GetReloadToken, changed);

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
