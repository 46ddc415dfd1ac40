using Orchestrator.ChaosTests.Workers;

if (args is not ["worker", string connectionString, .. string[] settings])
{
    Console.Error.WriteLine("This program is run by its own tests: dotnet test test/Orchestrator.ChaosTests");
    return 2;
}

await WorkerHost.RunAsync(connectionString, settings);
return 0;
