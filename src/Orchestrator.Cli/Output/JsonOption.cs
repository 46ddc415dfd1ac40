using System.CommandLine;

namespace Orchestrator.Cli.Output;

/// <summary>Asks for a document instead of a table.</summary>
internal sealed class JsonOption : Option<bool>
{
    public JsonOption()
        : base("--json") => Description = "Print one JSON document, for scripts. Its properties keep their names and meaning.";
}
