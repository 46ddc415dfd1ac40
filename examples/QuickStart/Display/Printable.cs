using System.Globalization;
using System.Text;

namespace QuickStart.Display;

/// <summary>Makes names from a history fit to print: control characters could move the cursor, and marks of direction could make a name look like another.</summary>
internal static class Printable
{
    public static string Text(string text, int most = 80)
    {
        var result = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (result.Length >= most)
            {
                result.Append("...");
                break;
            }

            result.Append(rune.Value switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}")
                    : rune.ToString(),
            });
        }

        return result.ToString();
    }
}
