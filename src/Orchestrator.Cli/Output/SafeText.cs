using System.Globalization;
using System.Text;

namespace Orchestrator.Cli.Output;

/// <summary>
/// Texts from the database, made fit for a terminal. Names may hold whatever an application chose: a control character could move the cursor or colour what follows, and a mark of direction could
/// turn a line around. Both are shown as <c>\u001B</c>. Letters of any script stay as they are.
/// </summary>
internal static class SafeText
{
    private const int LongestCell = 60;

    /// <summary>A text for one line: line breaks are shown, too.</summary>
    public static string Line(string text) => Escape(text, keepLineBreaks: false);

    /// <summary>The same with its line breaks.</summary>
    public static string Lines(string text) => Escape(text, keepLineBreaks: true);

    /// <summary>A text for a cell of a table: cut where it would leave no room for the others.</summary>
    public static string Cell(string text)
    {
        string line = Line(text);
        return line.Length <= LongestCell ? line : line[..LastWhole(line, LongestCell - 1)] + "…";
    }

    private static string Escape(string text, bool keepLineBreaks)
    {
        var safe = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune) || keepLineBreaks && rune.Value is '\n' or '\r')
            {
                safe.Append(rune);
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            }
        }

        return safe.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    // Not between the two halves of a character beyond U+FFFF.
    private static int LastWhole(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
