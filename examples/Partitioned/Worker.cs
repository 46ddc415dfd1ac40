using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Partitioned.Projections;

namespace Partitioned;

/// <summary>One of the processes. Which partition it has is not in the code: the configuration says it, here by two environment variables.</summary>
internal static class Worker
{
    public static async Task RunAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddProjectionOrchestrator(o => o.UsePostgreSql(builder.Configuration.GetConnectionString("Events")))
            .AddReplicaSet("main")
                .AddProjection<Ledger>();

        using IHost host = builder.Build();
        await host.StartAsync();

        // Until whoever started it closes its input, or is gone.
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }
}
