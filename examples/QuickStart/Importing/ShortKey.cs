using System.Security.Cryptography;
using System.Text;

namespace QuickStart.Importing;

/// <summary>
/// A key for text of any length: the text itself where it is short enough, else its beginning and its hash. An aggregate's id has at most 500 characters, and
/// PostgreSQL indexes at most some 2,700 bytes; paths and names of authors can be longer than both.
/// </summary>
internal static class ShortKey
{
    private const int Longest = 300;
    private const int Kept = 200;

    public static string For(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        // Not through the middle of a surrogate pair: half of one is no valid text.
        int kept = char.IsHighSurrogate(text[Kept - 1]) ? Kept - 1 : Kept;
        return $"{text[..kept]}...sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }
}
