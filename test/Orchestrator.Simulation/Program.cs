using Orchestrator.Simulation.CommandLine;

return await SimulationCommand.Create().Parse(args).InvokeAsync();
