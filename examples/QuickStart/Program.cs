using QuickStart.CommandLine;
using QuickStart.Workers;

// The program starts itself again as its workers.
return args is [WorkerProgram.Argument]
    ? await WorkerProgram.RunAsync()
    : await QuickStartCommand.Create().Parse(args).InvokeAsync();
