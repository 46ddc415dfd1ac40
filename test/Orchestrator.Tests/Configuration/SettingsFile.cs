using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting.DependencyInjection;
using Orchestrator.Tests.Processing;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Configuration;

/// <summary>A folder with an <c>appsettings.json</c>, and hosts that live in it as an application would: with every source of configuration that a host has by default.</summary>
internal sealed class SettingsFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-settings-").FullName;

    public RecordingLoggers Loggers { get; } = new();

    public Script Script { get; } = new();

    private string FileName => Path.Combine(_folder, "appsettings.json");

    /// <summary>Writes the section <c>Orchestrator</c> anew, from keys below it and their values.</summary>
    public void Write(params (string Key, string Value)[] settings)
    {
        var root = new JsonObject();
        foreach ((string key, string value) in settings)
        {
            JsonObject node = root;
            string[] path = ["Orchestrator", .. key.Split(':')];
            foreach (string name in path[..^1])
            {
                node[name] ??= new JsonObject();
                node = node[name]!.AsObject();
            }

            node[path[^1]] = value;
        }

        File.WriteAllText(FileName, root.ToJsonString());
    }

    /// <summary>Writes what is no JSON.</summary>
    public void WriteBroken() => File.WriteAllText(FileName, "{ \"Orchestrator\": ");

    public IHost CreateHost(Action<IOrchestratorBuilder> add, params string[] arguments)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder, Args = arguments });
        builder.Services.AddSingleton<ILoggerFactory>(Loggers).AddSingleton(Script);
        add(builder.Services.AddProjectionOrchestrator(o => o.UseInMemory()));
        return builder.Build();
    }

    public void Dispose()
    {
        Loggers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
