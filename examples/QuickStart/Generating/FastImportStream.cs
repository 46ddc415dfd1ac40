using System.Globalization;
using System.Text;

namespace QuickStart.Generating;

/// <summary>Writes the commands of <c>git fast-import</c> (https://git-scm.com/docs/git-fast-import). Paths and names are bytes: they need not be UTF-8.</summary>
internal sealed class FastImportStream(Stream output)
{
    private int _lastMark;

    public int Commit(string branch, Person author, long seconds, string zone, IReadOnlyList<int> parents, string? encoding = null)
    {
        int mark = ++_lastMark;
        Line($"commit refs/heads/{branch}");
        Line($"mark :{mark}");
        Identity("author", author, seconds, zone);
        Identity("committer", author, seconds, zone);
        if (encoding is not null)
        {
            Line($"encoding {encoding}");
        }

        Data("A commit"u8);
        for (int i = 0; i < parents.Count; i++)
        {
            Line($"{(i == 0 ? "from" : "merge")} :{parents[i]}");
        }

        return mark;
    }

    public void Modify(byte[] path, ReadOnlySpan<byte> content, string mode = "100644")
    {
        Text($"M {mode} inline ");
        Path(path);
        Text("\n");
        Data(content);
    }

    public void Delete(byte[] path)
    {
        Text("D ");
        Path(path);
        Text("\n");
    }

    public void Rename(byte[] from, byte[] to)
    {
        Text("R ");
        Path(from);
        Text(" ");
        Path(to);
        Text("\n");
    }

    public void Done() => Line("done");

    private void Identity(string role, Person person, long seconds, string zone)
    {
        Text(role + " ");
        if (person.Name.Length > 0)
        {
            output.Write(person.Name);
            Text(" ");
        }

        Text("<");
        output.Write(person.Email);
        Line(string.Create(CultureInfo.InvariantCulture, $"> {seconds} {zone}"));
    }

    private void Data(ReadOnlySpan<byte> content)
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"data {content.Length}"));
        output.Write(content);
        Text("\n");
    }

    // Always quoted: then every byte but these three can stand for itself.
    private void Path(byte[] path)
    {
        Text("\"");
        foreach (byte value in path)
        {
            switch (value)
            {
                case (byte)'"' or (byte)'\\':
                    output.WriteByte((byte)'\\');
                    output.WriteByte(value);
                    break;
                case (byte)'\n':
                    Text("\\n");
                    break;
                default:
                    output.WriteByte(value);
                    break;
            }
        }

        Text("\"");
    }

    private void Line(string text) => Text(text + "\n");

    private void Text(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}

/// <summary>Who wrote a commit, in bytes.</summary>
internal sealed record Person(byte[] Name, byte[] Email);
