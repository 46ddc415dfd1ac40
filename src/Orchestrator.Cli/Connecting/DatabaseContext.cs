using System.CommandLine;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Connecting;

/// <summary>What a command that runs on a database has to work with.</summary>
/// <param name="Line">Its options.</param>
/// <param name="Console">Where it tells what it did.</param>
/// <param name="Services">The same services as an application has.</param>
internal sealed record DatabaseContext(ParseResult Line, CommandConsole Console, IServiceProvider Services);
