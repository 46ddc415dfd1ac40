namespace Orchestrator.Cli;

/// <summary>What the tool's exit code means. Also in the help of the root command.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Refused = 1;
    public const int WrongCommandLine = 2;
}
