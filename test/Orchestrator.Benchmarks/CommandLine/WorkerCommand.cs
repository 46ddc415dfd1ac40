using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orchestrator.Benchmarks.Raw;
using Orchestrator.Benchmarks.Scenarios;
using Orchestrator.Benchmarks.Servers;

namespace Orchestrator.Benchmarks.CommandLine;

/// <summary>The hidden command by which the program runs a worker in a process of its own. It ends with the process that started it, whose end closes its input.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        Argument<string> connectionString = new("connection-string");
        Argument<string> replicaSet = new("replica-set");
        Argument<long?> lockKey = new("lock-key") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("worker", "Runs one worker until its input ends.") { connectionString, replicaSet, lockKey };
        command.Hidden = true;
        command.SetAction((parsed, token) => RunAsync(parsed.GetRequiredValue(connectionString), parsed.GetRequiredValue(replicaSet), parsed.GetValue(lockKey), token));
        return command;
    }

    private static Task RunAsync(string connectionString, string replicaSet, long? lockKey, CancellationToken cancellationToken) =>
        lockKey is { } key ? RunVictimAsync(connectionString, replicaSet, key, cancellationToken) : RunOrdinaryAsync(connectionString, replicaSet, cancellationToken);

    private static async Task RunVictimAsync(string connectionString, string replicaSet, long lockKey, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection session = await RawLock.OpenAsync(connectionString, cancellationToken);
        await RawLock.TakeAsync(session, lockKey, cancellationToken);
        using IHost host = Worker.Create(
            connectionString, replicaSet, new CommitTimes(), static replicaSet => replicaSet.AddProjection<CommitWitness>(CommitWitness.Name), TakeoverScenario.Configure);
        await RunAsync(host, cancellationToken);
    }

    private static async Task RunOrdinaryAsync(string connectionString, string replicaSet, CancellationToken cancellationToken)
    {
        using IHost host = Worker.Create(connectionString, replicaSet, new CommitTimes(), static replicaSet => replicaSet.AddProjection<WrittenWitness>(CommitWitness.Name));
        await RunAsync(host, cancellationToken);
    }

    private static async Task RunAsync(IHost host, CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(Victim.Ready);
        await Console.In.ReadToEndAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
    }
}
