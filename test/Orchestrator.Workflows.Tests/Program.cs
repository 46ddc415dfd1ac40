using Orchestrator.Workflows.Tests.Crashes;

// The same program is the tests and, with "worker" as its first word, one of the processes that they kill.
return args switch
{
    ["worker", "one", string connectionString, string requestId, string killAt] => await CrashWorker.RunOneAsync(connectionString, requestId, killAt),
    ["worker", "many", string connectionString, string count, string seed] => await CrashWorker.RunManyAsync(connectionString, CrashWorker.Number(count), CrashWorker.Number(seed)),
    _ => 2,
};
