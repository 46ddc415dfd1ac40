using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using QuickStart.ReadModels;

namespace QuickStart.Workers;

/// <summary>What a worker process runs: an ordinary host. It ends on SIGTERM, and when its parent, whose pipe is its standard input, is gone.</summary>
internal static class WorkerProgram
{
    public const string Argument = "worker";

    /// <summary>Holds the connection string: unlike a command line, other accounts of the machine cannot read it.</summary>
    public const string ConnectionStringVariable = "QUICKSTART_CONNECTION_STRING";

    public static async Task<int> RunAsync()
    {
        string connectionString = Environment.GetEnvironmentVariable(ConnectionStringVariable)
            ?? throw new InvalidOperationException($"A worker is started by QuickStart itself, which sets {ConnectionStringVariable}.");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        builder.Services.AddSingleton<IReadModel, PostgreSqlReadModel>();
        WorkerSetup.AddProjections(builder.Services, setup => setup.UsePostgreSql(connectionString));
        using IHost host = builder.Build();

        Task parent = WaitForEndOfInputAsync(host.Services.GetRequiredService<IHostApplicationLifetime>());
        await host.RunAsync();
        _ = parent;
        return 0;
    }

    private static async Task WaitForEndOfInputAsync(IHostApplicationLifetime lifetime)
    {
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        lifetime.StopApplication();
    }
}
