using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Orchestrator.Cli.Output;

/// <summary>What a command tells: results to the one writer, faults to the other. Tables have lines and bold headings in a terminal, and are plain columns in a file, a pipe, or where <c>NO_COLOR</c> is set.</summary>
internal sealed class CommandConsole
{
    // Nothing reads a file's lines that are too long for a screen; folding them would only be in the way of grep.
    private const int Unfolded = 10_000;

    private static readonly JsonSerializerOptions s_oneLine = new();
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private readonly bool _isTerminal;

    public CommandConsole(InvocationConfiguration io)
    {
        Output = io.Output;
        Error = io.Error;
        _isTerminal = ReferenceEquals(io.Output, Console.Out) && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Writes one line.</summary>
    public Task WriteLineAsync(string line) => Output.WriteLineAsync(SafeText.Line(line));

    /// <summary>Writes faults, one a line or more.</summary>
    public async Task FailAsync(params IEnumerable<string> faults)
    {
        foreach (string fault in faults)
        {
            await Error.WriteLineAsync(SafeText.Lines(fault));
        }
    }

    /// <summary>Writes a document: in one line where another may follow. What is not ASCII is escaped, so nothing in it can reach a terminal's controls.</summary>
    public Task WriteJsonAsync(JsonNode document, bool inOneLine = false) =>
        Output.WriteLineAsync(document.ToJsonString(inOneLine ? s_oneLine : s_indented));

    /// <summary>Writes a table.</summary>
    public void Write(TextTable table)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Output),
            Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!_isTerminal)
        {
            console.Profile.Width = Unfolded;
        }

        console.Write(table.Render(_isTerminal));
    }
}
