namespace QuickStart.Checking;

/// <summary>Reads <c>git log -z --numstat</c> behind a header of four lines.</summary>
internal static class NumStatText
{
    internal sealed record File(string Path, string Added, string Removed);

    internal sealed record Commit(string Hash, string Day, string Email, string Name, List<File> Files);

    public static List<Commit> Parse(string output)
    {
        var commits = new List<Commit>();
        var fields = new Queue<string>(output.Split('\0'));
        while (fields.TryDequeue(out string? field))
        {
            if (field.StartsWith('\u0001'))
            {
                string[] header = field[1..].Split('\n');
                commits.Add(new Commit(header[0], header[1], GitOutput.Readable(header[2]), GitOutput.Readable(header[3]), []));
            }
            else if (field.TrimStart('\n') is { Length: > 0 } line)
            {
                string[] parts = line.Split('\t', 3);
                string path = parts[2];
                if (path.Length == 0)
                {
                    fields.Dequeue();
                    path = fields.Dequeue();
                }

                commits[^1].Files.Add(new File(GitOutput.Readable(path), parts[0], parts[1]));
            }
        }

        return commits;
    }
}
