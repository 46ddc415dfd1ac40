using System.Text;

namespace Orchestrator.ChaosTests.Proxy;

/// <summary>
/// Knows a client's wish to commit in what one connection sends: a simple query of one word, as Npgsql ends a transaction; or a statement of one word, prepared or not, as it is sent behind others in one round
/// trip. Not synchronised.
/// </summary>
internal sealed class CommitRequests
{
    private const char Query = 'Q';
    private const char Parse = 'P';
    private const char Bind = 'B';

    // The empty name is one too: that of the statement which is not prepared.
    private readonly HashSet<string> _statements = new(StringComparer.Ordinal);

    /// <summary>Looks at the next message.</summary>
    /// <returns>Whether the server commits when it gets it.</returns>
    public bool Sees(Message message)
    {
        switch (message.Type)
        {
            case Query:
                return IsCommit(message.Body.Span);
            case Parse:
                int query = EndOfText(message.Body.Span, from: 0);
                Remember(TextAt(message.Body.Span, from: 0), IsCommit(message.Body.Span[query..]));
                return false;
            case Bind:
                int statement = EndOfText(message.Body.Span, from: 0);
                return _statements.Contains(TextAt(message.Body.Span, statement));
            default:
                return false;
        }
    }

    private static bool IsCommit(ReadOnlySpan<byte> text) => text.StartsWith("COMMIT\0"u8);

    // Behind the zero that ends a text, or at the end where that was not kept.
    private static int EndOfText(ReadOnlySpan<byte> body, int from) => body[from..].IndexOf((byte)0) is >= 0 and int length ? from + length + 1 : body.Length;

    private static string TextAt(ReadOnlySpan<byte> body, int from) => Encoding.UTF8.GetString(body[from..EndOfText(body, from)]);

    private void Remember(string name, bool commits)
    {
        if (commits)
        {
            _statements.Add(name);
        }
        else
        {
            _statements.Remove(name);
        }
    }
}
