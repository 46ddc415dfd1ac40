using System.CommandLine;
using Orchestrator.Cli;

ParseResult command = CommandLine.Create().Parse(args);
int exitCode = await command.InvokeAsync();
return command.Errors.Count > 0 ? ExitCodes.WrongCommandLine : exitCode;
