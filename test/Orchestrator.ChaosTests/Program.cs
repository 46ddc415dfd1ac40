using System.Globalization;
using Orchestrator.ChaosTests.Workers;

if (args is ["worker", string database, string projection, string position])
{
    await WorkerHost.RunAsync(database, new PointOfDeath(projection, long.Parse(position, CultureInfo.InvariantCulture)));
    return 0;
}

if (args is not ["worker", string connectionString])
{
    Console.Error.WriteLine("This program is run by its own tests: dotnet test test/Orchestrator.ChaosTests");
    return 2;
}

await WorkerHost.RunAsync(connectionString);
return 0;
