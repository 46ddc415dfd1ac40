using System.Globalization;
using System.Text;

namespace QuickStart.Git;

/// <summary>Joins a commit's two lists, the raw one (what happened) and the numstat one (how many lines), by path.</summary>
internal sealed class CommitChanges
{
    private readonly List<(char Kind, string Path, string? OldPath)> _raw = [];
    private readonly Dictionary<string, (int? Added, int? Removed)> _lines = new(StringComparer.Ordinal);

    /// <summary>Takes an entry of either list; false when the token begins the next commit.</summary>
    public async ValueTask<bool> TryAddAsync(ReadOnlyMemory<byte> token, NulTokenReader tokens, CancellationToken cancellationToken)
    {
        // One line feed stands between a commit's header and its first entry.
        ReadOnlyMemory<byte> entry = token.Span.StartsWith("\n"u8) ? token[1..] : token;
        if (entry.Length == 0)
        {
            throw new GitException("Git's output holds an empty entry.");
        }

        switch (entry.Span[0])
        {
            case (byte)':':
                await AddRawAsync(entry, tokens, cancellationToken);
                return true;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                await AddLinesAsync(entry, tokens, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    public IReadOnlyList<GitEntry> ToEntries(string commit)
    {
        if (_raw.Count != _lines.Count)
        {
            throw new GitException($"Git lists {_raw.Count} changes of commit {commit}, but the line counts of {_lines.Count}.");
        }

        return [.. _raw.Select(raw => _lines.TryGetValue(raw.Path, out (int? Added, int? Removed) lines)
            ? new GitEntry(raw.Kind, raw.Path, raw.OldPath, lines.Added, lines.Removed)
            : throw new GitException($"Git gives no line counts for '{raw.Path}' in commit {commit}."))];
    }

    // :100644 100644 HASH HASH R087 NUL old NUL new NUL
    private async ValueTask AddRawAsync(ReadOnlyMemory<byte> entry, NulTokenReader tokens, CancellationToken cancellationToken)
    {
        char status = (char)entry.Span[entry.Span.LastIndexOf((byte)' ') + 1];
        string path = GitText.From((await tokens.DemandAsync(cancellationToken)).Span);
        string? oldPath = null;
        if (status == 'R')
        {
            oldPath = path;
            path = GitText.From((await tokens.DemandAsync(cancellationToken)).Span);
        }

        char kind = status switch
        {
            'A' or 'M' or 'D' or 'R' => status,
            'T' => 'M',
            _ => throw new GitException($"Git reports a change of the unknown kind '{status}' for '{path}'."),
        };
        _raw.Add((kind, path, oldPath));
    }

    private async ValueTask AddLinesAsync(ReadOnlyMemory<byte> entry, NulTokenReader tokens, CancellationToken cancellationToken)
    {
        int first = entry.Span.IndexOf((byte)'\t');
        int second = first + 1 + entry.Span[(first + 1)..].IndexOf((byte)'\t');
        if (first < 0 || second <= first)
        {
            throw new GitException($"Git's line counts read '{Encoding.UTF8.GetString(entry.Span)}'.");
        }

        (int?, int?) lines = (ParseCount(entry.Span[..first]), ParseCount(entry.Span[(first + 1)..second]));
        string path = GitText.From(entry.Span[(second + 1)..]);
        if (path.Length == 0)
        {
            // A rename: both paths follow; the file lives on under the second.
            await tokens.DemandAsync(cancellationToken);
            path = GitText.From((await tokens.DemandAsync(cancellationToken)).Span);
        }

        _lines.Add(path, lines);
    }

    private static int? ParseCount(ReadOnlySpan<byte> text) => text is [(byte)'-'] ? null : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
