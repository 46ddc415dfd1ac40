using Orchestrator.ChaosTests.CommandLine;
using Orchestrator.ChaosTests.Workers;
using Orchestrator.ChaosTests.World;

switch (args)
{
    case ["worker", string connectionString, .. string[] settings]:
        await WorkerHost.RunAsync(connectionString, settings);
        return 0;
    case [ClockProbe.Role]:
        ClockProbe.Run();
        return 0;
    default:
        return await ChaosCommand.Create().Parse(args).InvokeAsync();
}
