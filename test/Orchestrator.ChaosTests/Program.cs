using System.Globalization;
using Orchestrator.ChaosTests.Workers;

if (args is ["worker", string database, string projection, string position])
{
    await WorkerHost.RunAsync(database, death: new PointOfDeath(projection, long.Parse(position, CultureInfo.InvariantCulture)));
    return 0;
}

if (args is ["worker", string ofPartitions, "partition", string key, string total])
{
    await WorkerHost.RunAsync(
        ofPartitions, options => (options.PartitionKey, options.TotalPartitions) = (int.Parse(key, CultureInfo.InvariantCulture), int.Parse(total, CultureInfo.InvariantCulture)));
    return 0;
}

if (args is not ["worker", string connectionString])
{
    Console.Error.WriteLine("This program is run by its own tests: dotnet test test/Orchestrator.ChaosTests");
    return 2;
}

await WorkerHost.RunAsync(connectionString);
return 0;
