using System.Diagnostics;
using System.Text;

namespace QuickStart.Checking;

/// <summary>The checker's own way to ask git: the whole output as a string in which each character is one byte.</summary>
internal static class GitOutput
{
    public static async Task<string> ReadAsync(string repository, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("git", ["-C", repository, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
        };
        info.Environment["TZ"] = "UTC";
        foreach (string variable in info.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(variable);
        }

        using Process process = Process.Start(info) ?? throw new InvalidOperationException("git did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidDataException($"git {string.Join(' ', arguments)}: {await errors}");
    }

    /// <summary>
    /// The text that stands for bytes in the read models: UTF-8 as itself; what is not UTF-8, or begins with a double quote, in double quotes with octal escapes.
    /// </summary>
    public static string Readable(string bytes)
    {
        byte[] raw = Encoding.Latin1.GetBytes(bytes);
        string text = Encoding.UTF8.GetString(raw);
        bool isUtf8 = raw.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));
        if (isUtf8 && !text.StartsWith('"'))
        {
            return text;
        }

        return "\"" + string.Concat(bytes.Select(c => c is '"' or '\\' ? "\\" + c : c is >= ' ' and <= '~' ? c.ToString() : "\\" + Octal(c))) + "\"";
    }

    private static string Octal(char c) => string.Concat((char)('0' + (c >> 6)), (char)('0' + ((c >> 3) & 7)), (char)('0' + (c & 7)));
}
