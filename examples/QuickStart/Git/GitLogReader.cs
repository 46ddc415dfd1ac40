using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace QuickStart.Git;

/// <summary>Reads a history with one <c>git log</c>, oldest commit first, as it streams in.</summary>
/// <remarks>
/// One commit is: <c>commit HASH NUL time NUL name NUL email NUL</c>; then, behind one line feed, its raw entries <c>:... KIND NUL path NUL [path NUL]</c>; then as many
/// numstat entries <c>added TAB removed TAB path NUL</c>, or, for a rename, <c>added TAB removed TAB NUL old NUL new NUL</c>. No path can be mistaken for
/// the start of an entry, because every path is read where the format says that one comes.
/// </remarks>
internal static class GitLogReader
{
    private const long LastSecondOfYear9999 = 253_402_300_799;

    /// <summary>The exact arguments; README.md says why each is there.</summary>
    public static IReadOnlyList<string> Arguments(string revision) =>
    [
        "log", "--no-merges", "--topo-order", "--reverse", "-z", "--raw", "--numstat", "--no-abbrev", "--find-renames=50%", "-l1000",
        "--diff-algorithm=myers", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none", "--no-show-signature",
        "--format=tformat:commit %H%x00%at%x00%an%x00%ae", revision, "--",
    ];

    public static async IAsyncEnumerable<GitCommit> ReadAsync(string repository, string revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A bounded channel lets git run ahead by some commits while the reader appends, but not by the whole history.
        var commits = Channel.CreateBounded<GitCommit>(1_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task git = PumpAsync(repository, revision, commits.Writer, stop.Token);
        try
        {
            await foreach (GitCommit commit in commits.Reader.ReadAllAsync(cancellationToken))
            {
                yield return commit;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await git.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Parses the output of <c>git log</c> with <see cref="Arguments"/>.</summary>
    public static async IAsyncEnumerable<GitCommit> ParseAsync(Stream output, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tokens = new NulTokenReader(output);
        ReadOnlyMemory<byte>? token = await tokens.ReadAsync(cancellationToken);
        while (token is { } header)
        {
            if (!header.Span.StartsWith("commit "u8))
            {
                throw new GitException($"Expected a commit in git's output, found '{Encoding.UTF8.GetString(header.Span)}'.");
            }

            string id = Encoding.ASCII.GetString(header.Span["commit "u8.Length..]);
            long at = ParseTime((await tokens.DemandAsync(cancellationToken)).Span);
            string name = GitText.From((await tokens.DemandAsync(cancellationToken)).Span);
            string email = GitText.From((await tokens.DemandAsync(cancellationToken)).Span);

            var changes = new CommitChanges();
            token = await tokens.ReadAsync(cancellationToken);
            while (token is { } entry && await changes.TryAddAsync(entry, tokens, cancellationToken))
            {
                token = await tokens.ReadAsync(cancellationToken);
            }

            yield return new GitCommit(id, name, email, at, changes.ToEntries(id));
        }
    }

    private static async Task PumpAsync(string repository, string revision, ChannelWriter<GitCommit> commits, CancellationToken cancellationToken)
    {
        try
        {
            await GitProcess.RunAsync(
                repository,
                Arguments(revision),
                async (output, token) =>
                {
                    await foreach (GitCommit commit in ParseAsync(output, token))
                    {
                        await commits.WriteAsync(commit, token);
                    }
                },
                cancellationToken);
            commits.Complete();
        }
        catch (Exception e)
        {
            // Handed to the reader, which throws it.
            commits.Complete(e);
        }
    }

    // Git prints nothing for a date that it cannot read; a date beyond the year 9999 is nobody's, either.
    private static long ParseTime(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long seconds, out int consumed) && consumed == text.Length && seconds is >= 0 and <= LastSecondOfYear9999 ? seconds : 0;
}
