using System.CommandLine;
using System.Text.Json;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>The hidden command by which the program runs workers in a process of its own, as it is told line by line. It ends with the process that started it, whose end closes its input.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Runs workers as its input says.");
        command.Hidden = true;
        command.SetAction((_, token) => RunAsync(token));
        return command;
    }

    private static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var worker = new OrderedWorker();
        for (string? answer = WorkerProcess.Done; answer is not null; answer = await NextAsync(worker, cancellationToken))
        {
            await Console.Out.WriteLineAsync(answer);
        }
    }

    // Null at the end of the input.
    private static async Task<string?> NextAsync(OrderedWorker worker, CancellationToken cancellationToken)
    {
        switch (await Console.In.ReadLineAsync(cancellationToken))
        {
            case null:
                return null;
            case WorkerProcess.Report:
                return JsonSerializer.Serialize(worker.TakeCommits());
            case WorkerProcess.Stop:
                await worker.StopAsync(cancellationToken);
                return WorkerProcess.Done;
            case var order:
                await worker.StartAsync(JsonSerializer.Deserialize<WorkerOrder>(order)!, cancellationToken);
                return WorkerProcess.Done;
        }
    }
}
