using System.Text;

namespace QuickStart.Git;

/// <summary>
/// Makes text of git's bytes, so that different bytes always give different text: UTF-8 stays what it is. What is not UTF-8, or begins with a double quote, is
/// written as git quotes it: in double quotes, with octal escapes.
/// </summary>
internal static class GitText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && bytes[0] == (byte)'"')
        {
            return Quote(bytes);
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Quote(bytes);
        }
    }

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte value in bytes)
        {
            switch (value)
            {
                case (byte)'"' or (byte)'\\':
                    text.Append('\\').Append((char)value);
                    break;
                case >= 0x20 and < 0x7f:
                    text.Append((char)value);
                    break;
                default:
                    text.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
                    break;
            }
        }

        return text.Append('"').ToString();
    }
}
