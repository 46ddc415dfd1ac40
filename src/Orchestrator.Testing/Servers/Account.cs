namespace Orchestrator.Testing.Servers;

/// <summary>The account that the server runs under. PostgreSQL refuses to run as root, so root borrows another.</summary>
/// <param name="Prefix">The command that a program and its arguments are appended to; empty for the current account.</param>
internal sealed record Account(IReadOnlyList<string> Prefix)
{
    public static async Task<Account> ChooseAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new Account([]);
        }

        foreach (string name in new[] { "postgres", "nobody", "daemon" })
        {
            foreach (string[] prefix in new string[][] { ["runuser", "-u", name, "--"], ["su", "-s", "/bin/sh", name, "-c", "exec \"$0\" \"$@\""] })
            {
                CommandResult result = await Command.RunAsync(prefix[0], [.. prefix[1..], "id", "-u"], cancellationToken).ConfigureAwait(false);
                if (result.Succeeded && result.Output.Trim() is { Length: > 0 } and not "0")
                {
                    return new Account(prefix);
                }
            }
        }

        throw new PostgreSqlUnavailableException(
            "PostgreSQL refuses to run as root, and neither `runuser` nor `su` can change to the account postgres, nobody or daemon. Run as another account, "
            + $"or start a server and set {PostgreSqlServer.ConnectionStringVariable}.");
    }

    public Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Prefix.Count == 0
            ? Command.RunAsync(program, arguments, cancellationToken)
            : Command.RunAsync(Prefix[0], [.. Prefix.Skip(1), program, .. arguments], cancellationToken);
}
