using System.CommandLine;
using Orchestrator.Cli.Connecting;

namespace Orchestrator.Cli.Workflows;

/// <summary><c>orchestrator workflows retry</c>: lets a failed run be tried again.</summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var run = new RunArguments();
        var command = new Command("retry", "Lets a failed run be tried again: services that have succeeded stay as they are, the others are asked anew.");
        run.AddTo(command);
        command.SetDatabaseAction(async (context, cancellationToken) =>
        {
            (string workflow, string requestId) = run.Read(context.Line);
            if (await RunArguments.RunsOf(context).RetryAsync(workflow, requestId, cancellationToken))
            {
                await context.Console.WriteLineAsync("The run is tried again: an executor takes it up, or whoever asks for the same id.");
                return ExitCodes.Success;
            }

            await context.Console.FailAsync($"There is no run '{requestId}' of the workflow '{workflow}' that has failed. Only a failed one is tried again.");
            return ExitCodes.Refused;
        });
        return command;
    }
}
