using System.Text.RegularExpressions;

namespace Orchestrator.PostgreSql.EventLog;

/// <summary>
/// A statement without its comments and literal values: enough to recognise it by, and nothing that a payload or a password could be in. What cannot be told apart for certain is left out to the end: a literal
/// with a backslash, which is an escape in some sessions and none in others, and one that the server has cut off.
/// </summary>
internal static partial class StatementShape
{
    private const string Rest = "?...";

    /// <summary>The shape of a statement.</summary>
    /// <param name="statement">Any text; need not be SQL.</param>
    public static string Of(string statement)
    {
        string shape = Hidden().Replace(statement, static match =>
            match.Groups["comment"].Success ? " "
            : match.Groups["literal"].Success ? "?"
            : match.Groups["unsure"].Success ? "\0"
            : match.Value);
        int unsure = shape.IndexOf('\0', StringComparison.Ordinal);
        return Spaces().Replace(unsure < 0 ? shape : shape[..unsure] + Rest, " ").Trim();
    }

    // In this order at each place: names (kept, digits and all), comments, literals, numbers, and what opens a literal or comment that does not end, or that could end in two ways.
    // https://www.postgresql.org/docs/current/sql-syntax-lexical.html
    [GeneratedRegex(
        """
        (?<name> "[^"]*" | \$\d+ | [A-Za-z_][A-Za-z0-9_$]*(?!') )
        | (?<comment> --[^\n]*(?:\n|$) | /\*[^*/]*\*/ )
        | (?<literal> [A-Za-z]?&?'[^'\\]*(?:''[^'\\]*)*'(?!') | \$(?<tag>[A-Za-z_]\w*|)\$[\s\S]*?\$\k<tag>\$ | \d[\w.]* )
        | (?<unsure> [A-Za-z]?&?' | \$ | /\* | " )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
