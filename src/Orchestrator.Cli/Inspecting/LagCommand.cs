using System.CommandLine;
using Orchestrator.Cli.Connecting;

namespace Orchestrator.Cli.Inspecting;

/// <summary><c>orchestrator lag</c>: how far each projection is behind, once or again and again.</summary>
internal static class LagCommand
{
    public static Command Create()
    {
        var options = new LagOptions();
        var command = new Command("lag", "Shows how far each projection is behind the end of the log. Exit code 1: one is further behind than --max-events or --max-seconds allow.");
        options.AddTo(command);
        command.SetDatabaseAction((context, cancellationToken) =>
        {
            options.Check(context);
            return options.Watches(context) ? WatchAsync(context, options, cancellationToken) : LookAsync(context, options, cancellationToken);
        });
        return command;
    }

    private static async Task<int> WatchAsync(DatabaseContext context, LagOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            int exitCode = await LookAsync(context, options, cancellationToken);
            if (exitCode != ExitCodes.Success)
            {
                return exitCode;
            }

            await Task.Delay(options.Interval(context), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<int> LookAsync(DatabaseContext context, LagOptions options, CancellationToken cancellationToken)
    {
        if (await options.ReplicaSet.InspectAsync(context, cancellationToken) is not { } report)
        {
            return ExitCodes.Refused;
        }

        await LagView.ShowAsync(context, options, report);
        return report.ReplicaSets.SelectMany(replicaSet => replicaSet.Projections).Any(projection => options.IsTooMuch(context, projection)) ? ExitCodes.Refused : ExitCodes.Success;
    }
}
