using System.Text;

namespace QuickStart.Generating;

/// <summary>Names that are allowed and that careless readers of git's output get wrong.</summary>
internal static class OddNames
{
    private const int LongestComponent = 240;

    /// <summary>Folders, the plain ones more often than the others.</summary>
    public static IReadOnlyList<byte[]> Folders { get; } =
    [
        .. new[]
        {
            "", "", "src/", "src/", "src/core/", "src/core/", "docs/", "test/", "with space/", "{old => new}/", "a => b/", "b/c/d/e/f/", "-option/", "\"quoted\"/",
            "back\\slash/", "päth/", "日本/", "-/", "~/", "=>/", "{}/", "tab\there/", "line\nfeed/",
        }.Select(Encoding.UTF8.GetBytes),
        [.. Enumerable.Repeat((byte)'l', LongestComponent), (byte)'/', .. Enumerable.Repeat((byte)'m', LongestComponent), (byte)'/', .. Enumerable.Repeat((byte)'n', LongestComponent), (byte)'/'],
        [0xff, 0xfe, (byte)'/'],
    ];

    /// <summary>Beginnings of file names; a number and an ending follow.</summary>
    public static IReadOnlyList<byte[]> Files { get; } =
    [
        .. new[]
        {
            "Program", "Order", "Customer", "readme", "index", "a => b", "{x => y}", "{", "}", "=>", " => ", "-rf", "--stat", " leading", "trailing ", "tab\t", "\ttab", "new\nline", "\n",
            "quote\"s", "\"", "'", "back\\slash", "\\", "\\n", "\\303\\251", "é", "e\u0301", "ß", "Ω", "日本語", "🎉", "👩‍👩‍👧‍👦", "\u202Eevil", "\u200B", "\u0001\u001b[31mred", "$(rm)", "`id`",
            "; drop table events; --", "' OR 1=1 --", "%s%n", "*", "?", "[a]", ":(top)", ":1", "!", "#", "@{0}", "HEAD", "commit 0123456789", "0\t0\tfake", "100644", "NUL", "con.", "~", "\r", "\r\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xe9], [0xff, 0xfe], [(byte)'o', (byte)'k', 0xc3], [0xed, 0xa0, 0x80], [(byte)'"', 0xff, (byte)'"'],
    ];

    /// <summary>Authors (git allows neither angle bracket in them): the same name with two addresses, one address with two names, none at all, and worse.</summary>
    public static IReadOnlyList<Person> Authors { get; } =
    [
        .. new[]
        {
            ("Ada Lovelace", "ada@example.com"), ("Ada Lovelace", "ada@example.org"), ("A. Lovelace", "ada@example.com"), ("Grace Hopper", "grace@example.com"), ("", "nameless@example.com"),
            ("No Address", ""), ("", ""), ("O'Brien \"Bob\"", "bob@example.com"), ("Zoë Müller", "zoë@example.com"), ("日本 太郎", "taro@example.jp"), ("🎉", "party@example.com"), ("a = {b}", "not an address"),
            ("tab\there", "tab\there@example.com"), ("back\\slash", "b\\s@example.com"), ("commit 0123", ":000000 100644"), ("\u202Eevil", "rtl@example.com"), ("\u001b[31mred", "esc@example.com"),
            (new string('x', 3_000), "long@example.com"), ("Name, with; marks|", "a b c"), ("ADA LOVELACE", "ADA@EXAMPLE.COM"),
        }.Select(person => new Person(Encoding.UTF8.GetBytes(person.Item1), Encoding.UTF8.GetBytes(person.Item2))),
        new("not UTF-8: "u8.ToArray().Append((byte)0xe9).ToArray(), "raw@example.com"u8.ToArray()),
    ];

    /// <summary>Written in Latin-1 by a commit that says so: git re-encodes it.</summary>
    public static Person Latin1Author { get; } = new(Encoding.Latin1.GetBytes("René Lätin"), "rene@example.com"u8.ToArray());
}
