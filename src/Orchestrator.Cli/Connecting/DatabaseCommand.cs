using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestrator.Cli.Output;
using Orchestrator.PostgreSql.Configuration;
using Orchestrator.PostgreSql.Connections;
using Orchestrator.PostgreSql.Schema;

namespace Orchestrator.Cli.Connecting;

/// <summary>Runs commands on a database, with the same services as an application has. What goes wrong becomes a message and an exit code.</summary>
internal static class DatabaseCommand
{
    /// <summary>Lets a command run on a database, and adds the options that say which.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">What it does; its result is the exit code.</param>
    /// <param name="configure">What its own options change in the settings.</param>
    public static void SetDatabaseAction(this Command command, Func<DatabaseContext, CancellationToken, Task<int>> action, Action<ParseResult, PostgreSqlOptions>? configure = null)
    {
        var connection = new ConnectionOptions();
        connection.AddTo(command);
        command.SetAction(async (line, cancellationToken) =>
        {
            var console = new CommandConsole(line.InvocationConfiguration);
            try
            {
                DatabaseSettings settings = connection.Read(line);
                using IHost host = CreateHost(settings, options => configure?.Invoke(line, options));
                return await RunAsync(settings, () => action(new DatabaseContext(line, console, host.Services), cancellationToken), console);
            }
            catch (UsageException e)
            {
                await console.FailAsync(e.Faults);
                return ExitCodes.WrongCommandLine;
            }
            catch (OptionsValidationException e)
            {
                await console.FailAsync(e.Failures);
                return ExitCodes.WrongCommandLine;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Cancelled;
            }
        });
    }

    // Never started: it holds the services, and disposes them.
    private static IHost CreateHost(DatabaseSettings settings, Action<PostgreSqlOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.Services.AddPostgreSqlEventStore(settings.ConnectionString);
        builder.Services.PostConfigure(configure);
        return builder.Build();
    }

    private static async Task<int> RunAsync(DatabaseSettings settings, Func<Task<int>> action, CommandConsole console)
    {
        try
        {
            return await action();
        }
        catch (DatabaseUnavailableException e) when (e.InnerException is { } cause)
        {
            await console.FailAsync(DatabaseUnavailableException.Of(settings.Source, settings.ConnectionString, cause).Message);
        }
        catch (SchemaException e)
        {
            await console.FailAsync(e.Message);
        }
        catch (PostgresException e)
        {
            await console.FailAsync($"The database refused: {e.SqlState}: {e.MessageText}.");
        }
        catch (NpgsqlException e)
        {
            await console.FailAsync($"The connection was lost: {e.GetBaseException().Message}.");
        }

        return ExitCodes.NoDatabase;
    }
}
