using System.Text;

namespace QuickStart.Generating;

/// <summary>The files that exist at a commit, and random choices among them. Names never repeat, and no file's path is another's folder.</summary>
internal sealed class FileTree(Random random)
{
    private static readonly string[] Words = ["order", "customer", "total", "if", "return", "=>", "{", "}", "// why", "état", "🎉", "\ttabbed", "trailing  ", "-", "+", "--- a/x", "+++ b/x", "@@ -1 +1 @@"];

    private readonly List<(byte[] Path, byte[] Content)> _files = [];
    private int _lastNumber;

    public int Count => _files.Count;

    public int Pick() => random.Next(_files.Count);

    public byte[] PathOf(int index) => _files[index].Path;

    public byte[] ContentOf(int index) => _files[index].Content;

    public void Add(byte[] path, byte[] content) => _files.Add((path, content));

    public void Replace(int index, byte[] path, byte[] content) => _files[index] = (path, content);

    public void RemoveAt(int index)
    {
        _files[index] = _files[^1];
        _files.RemoveAt(_files.Count - 1);
    }

    public byte[] NewPath()
    {
        byte[] folder = OddNames.Folders[random.Next(OddNames.Folders.Count)];
        byte[] name = random.Next(3) == 0 ? OddNames.Files[random.Next(OddNames.Files.Count)] : OddNames.Files[random.Next(5)];
        return [.. folder, .. name, .. Encoding.ASCII.GetBytes($"-{++_lastNumber}"), .. random.Next(4) == 0 ? ""u8 : ".txt"u8];
    }

    public byte[] NewContent() => random.Next(12) switch
    {
        0 => Binary(),
        1 => [],
        2 => Encoding.UTF8.GetBytes("one line without an end"),
        _ => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Line() + "\n"))),
    };

    /// <summary>The content with some lines removed, changed and added; of a binary file, other bytes.</summary>
    public byte[] Edit(byte[] content)
    {
        if (Array.IndexOf(content, (byte)0) >= 0)
        {
            return random.Next(10) == 0 ? NewContent() : Binary();
        }

        List<string> lines = [.. Encoding.UTF8.GetString(content).Split('\n')];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(lines.Count);
            switch (random.Next(3))
            {
                case 0 when lines.Count > 1:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines[at] = Line();
                    break;
                default:
                    lines.Insert(at, Line());
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private byte[] Binary()
    {
        byte[] bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }

    private string Line() => string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Words[random.Next(Words.Length)])) + random.Next(1_000);
}
