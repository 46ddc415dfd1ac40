using Orchestrator.Benchmarks.CommandLine;

return await BenchmarkCommand.Create().Parse(args).InvokeAsync();
