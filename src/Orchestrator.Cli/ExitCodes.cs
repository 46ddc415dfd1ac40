namespace Orchestrator.Cli;

/// <summary>What the tool's exit code means. Also in the help of the root command, and in docs/command-line.md.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing found.</summary>
    public const int Success = 0;

    /// <summary>Refused or failed, and nothing is half done; or a command that looks has found something.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or the configuration, is wrong. Nothing was tried.</summary>
    public const int WrongCommandLine = 2;

    /// <summary>The database cannot be asked: no connection, no right to, no tables of a version that this tool knows.</summary>
    public const int NoDatabase = 3;

    /// <summary>Ended from outside, by Ctrl+C for one: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
